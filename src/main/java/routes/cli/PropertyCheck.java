package routes.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.core.env.CommandLinePropertySource;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import routes.hooks.spec.Suggestion;

/**
 * Refuses what was meant for a property of opsbus and is none, wherever it is written, and what was meant for one of
 * Spring Boot's server in an argument. A variable of the environment may be somebody else's ({@code OPSBUS_CHAT_URL},
 * for a hook file; a Kubernetes service's address): it is refused only when it is a letter or two from a property's.
 */
final class PropertyCheck {

    private static final Logger LOG = LoggerFactory.getLogger(PropertyCheck.class);
    private static final int SLIP = 2;
    /**
     * What kubelet sets in each pod for a Service, here one whose name begins with opsbus, and what the launcher reads.
     */
    private static final Pattern NOT_OURS = Pattern.compile(
            ".*_SERVICE_(HOST|PORT)(_.+)?|.+_PORT_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?|OPSBUS_JAVA_OPTS");
    /** Of these a name says too little. */
    private static final Pattern SERVICE = Pattern.compile("(tcp|udp|sctp)://.*");

    private final PropertyNames known;
    private final Path hooks;

    /** @param hooks folder of hook files: variables that they name are known */
    PropertyCheck(PropertyNames known, Path hooks) {
        this.known = known;
        this.hooks = hooks;
    }

    /** @throws IllegalArgumentException that says where it is written, and what was probably meant */
    void check(MutablePropertySources sources) {
        for (PropertySource<?> source : sources) {
            if (source instanceof EnumerablePropertySource<?> names) {
                for (String name : names.getPropertyNames()) {
                    boolean variable = source instanceof SystemEnvironmentPropertySource && !name.contains(".");
                    if (variable) {
                        checkVariable(name, String.valueOf(source.getProperty(name)));
                    } else {
                        check(name, source);
                    }
                }
            }
        }
    }

    private void check(String name, PropertySource<?> source) {
        String first = name.replaceFirst("[.\\[].*", "") + ".";
        boolean meant = name.startsWith(PropertyNames.PREFIX)
                || !first.equals(name + ".")
                        && Suggestion.near(List.of(PropertyNames.PREFIX), first, SLIP)
                                .isPresent();
        if (meant && !known.knows(name)) {
            throw unknown(name, source, known.names(), "docs/configuration.md has them all");
        }
        if (source instanceof CommandLinePropertySource
                && !first.equals(name + ".")
                && Suggestion.near(List.of(ServerNames.PREFIX), first, SLIP).isPresent()) {
            checkServer(name, source);
        }
    }

    /** The address and port of a start by hand; elsewhere such names may be somebody else's. */
    private static void checkServer(String name, PropertySource<?> source) {
        if (ServerNames.USUAL.contains(name)) {
            return;
        }
        ServerNames spring;
        try {
            spring = new ServerNames();
        } catch (IOException e) {
            LOG.debug("Spring Boot's names are not known", e);
            return;
        }
        if (!spring.knows(name)) {
            throw unknown(name, source, spring.names(), "those of the server are Spring Boot's");
        }
    }

    private static IllegalArgumentException unknown(
            String name, PropertySource<?> source, Set<String> names, String otherwise) {
        return new IllegalArgumentException("there is no property " + where(name, source) + "; "
                + Suggestion.near(names, name, Math.max(SLIP, name.length() / 4))
                        .map(near -> "did you mean " + near + "?")
                        .orElse(otherwise));
    }

    private static String where(String name, PropertySource<?> source) {
        if (source instanceof CommandLinePropertySource) {
            return "--" + name;
        }
        Origin origin = OriginLookup.getOrigin(source, name);
        return name + " (" + (origin == null ? source.getName() : origin) + ")";
    }

    private void checkVariable(String name, String value) {
        if (!name.startsWith(PropertyNames.VARIABLES)
                || known.knowsVariable(name)
                || isNotOurs(name, value)
                || isNamedInHooks(name)) {
            return;
        }
        Optional<String> near = Suggestion.near(known.variables(), name, SLIP);
        if (near.isPresent()) {
            throw new IllegalArgumentException(
                    "there is no property for the environment variable " + name + "; did you mean " + near.get() + "?");
        }
        LOG.warn("the environment variable {} is no property of opsbus, and no hook file names it", name);
    }

    private static boolean isNotOurs(String name, String value) {
        return NOT_OURS.matcher(name).matches()
                || name.endsWith("_PORT") && SERVICE.matcher(value).matches();
    }

    private boolean isNamedInHooks(String variable) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(hooks, "*.{yaml,yml}")) {
            for (Path file : files) {
                if (Files.isRegularFile(file) && Files.readString(file).contains(variable)) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            return false; // said where hooks are read
        }
    }
}
