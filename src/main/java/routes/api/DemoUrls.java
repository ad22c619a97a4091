package routes.api;

import java.util.Map;
import java.util.function.UnaryOperator;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;
import routes.hooks.spec.HookEnvironment;

/**
 * In a demo, gives hooks the port that is really listened on as {@code SERVER_PORT}, and the sample hooks the inbox's
 * address, which otherwise have none and are rejected. A variable that is set goes before both.
 */
@Component
@ConditionalOnProperty("opsbus.demo")
public class DemoUrls implements HookEnvironment {

    private static final Map<String, String> SAMPLES =
            Map.of("OPSBUS_CHAT_URL", "chat", "OPSBUS_ACTION_URL", "trigger/action", "OPSBUS_AGENT_URL", "api/push");
    private static final String PORT = "SERVER_PORT";
    private static final String DEFAULT_PORT = "8080";

    private final Environment environment;

    DemoUrls(Environment environment) {
        this.environment = environment;
    }

    @Override
    public String value(String name) {
        String port = environment.getProperty("local.server.port", DEFAULT_PORT);
        return name.equals(PORT) ? port : value(name, port, System::getenv);
    }

    /** As variables say it, and where they are silent as a demo would whose port they say. */
    public static String offline(String name, UnaryOperator<String> variables) {
        String port = variables.apply(PORT);
        return value(name, port == null || port.isBlank() ? DEFAULT_PORT : port, variables);
    }

    private static String value(String name, String port, UnaryOperator<String> variables) {
        String value = variables.apply(name);
        return value != null || !SAMPLES.containsKey(name)
                ? value
                : "http://127.0.0.1:" + port + "/demo/inbox/" + SAMPLES.get(name);
    }
}
