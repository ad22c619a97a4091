package routes.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.ApplicationListener;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** {@code opsbus start}: Spring Boot takes over, and the JVM lives on after this command has returned. */
@Command(
        name = "start",
        description = "Runs opsbus until it is told to stop.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        footer = "%nAny property of docs/configuration.md can be set by --name=value, for example --server.port=9000.")
final class Start implements Callable<Integer> {

    private static final int INTERRUPTED = 130;

    private static final Path SERVICE_ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");
    private static final int HEALTH_PORT = 8081;

    @Option(
            names = "--demo",
            description =
                    "Play a recorded incident again and again, and show what the hooks deliver. Needs no cluster.")
    private boolean demo;

    @Unmatched
    private List<String> properties = new ArrayList<>();

    @Spec
    private CommandSpec spec;

    private final Class<?> application;

    /** @param application what is run: Spring looks for its parts in the packages below it */
    Start(Class<?> application) {
        this.application = application;
    }

    @Override
    public Integer call() {
        properties.forEach(this::mustBeProperty);
        SpringApplication spring = new SpringApplication(application);
        spring.setDefaultProperties(defaults());
        spring.addInitializers(
                context -> context.addBeanFactoryPostProcessor(new StartChecks(context.getEnvironment())));
        AtomicBoolean starting = new AtomicBoolean(true);
        spring.addListeners((ApplicationListener<ApplicationStartedEvent>) started -> starting.set(false));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> endAtOnce(starting.get()), "end-at-once"));
        try {
            spring.run(properties.toArray(String[]::new));
            return CommandLine.ExitCode.OK;
        } catch (RuntimeException reported) { // by StartFailure
            return CommandLine.ExitCode.SOFTWARE;
        } finally {
            starting.set(false);
        }
    }

    /**
     * Ctrl-C during the start: Spring Boot would end the start first, though nothing is under way yet that has to end
     * well. The nats-server goes with its parent.
     */
    private static void endAtOnce(boolean starting) {
        if (starting) {
            System.err.println("opsbus: stopped before it had started");
            Runtime.getRuntime().halt(INTERRUPTED);
        }
    }

    /** Whatever the user sets goes before these. */
    private Map<String, Object> defaults() {
        Map<String, Object> defaults = new HashMap<>();
        String home = System.getProperty(PropertyNames.HOME);
        if (home != null) {
            defaults.put("opsbus.hooks.dir", home + "/hooks");
            defaults.put("opsbus.nats.data-dir", home + "/data");
        }
        defaults.putAll(reach(isInPod()));
        defaults.put(
                "logging.level.org.springframework.boot.autoconfigure.logging",
                "warn"); // how to debug Spring Boot is no help to its users
        if (demo) {
            defaults.put("opsbus.demo", true);
            defaults.put(
                    "opsbus.kubernetes.enabled",
                    false); // a cluster that happens to be configured is no part of the demo
        }
        return defaults;
    }

    /**
     * In a pod others must reach it: probes, services. Started by hand, it is nobody's business until somebody says so.
     */
    static Map<String, Object> reach(boolean inPod) {
        return inPod ? Map.of("opsbus.server.health-port", HEALTH_PORT) : Map.of("server.address", "127.0.0.1");
    }

    private static boolean isInPod() {
        return System.getenv("KUBERNETES_SERVICE_HOST") != null || Files.exists(SERVICE_ACCOUNT);
    }

    private void mustBeProperty(String argument) {
        boolean property =
                argument.matches("--[A-Za-z][A-Za-z0-9_-]*[.\\[].*") || argument.matches("--(debug|trace)(=.*)?");
        if (!property) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Unknown argument: " + argument + "; properties are written --server.port=9000");
        }
    }
}
