package routes.api;

import java.util.Map;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;
import routes.hooks.HookEnvironment;

/**
 * In a demo on another port than 8080, gives the sample hooks the inbox's real address. Their own default holds port 8080, and a variable that is set
 * goes before both.
 */
@Component
@ConditionalOnProperty("opsbus.demo")
class DemoUrls implements HookEnvironment {

    private static final Map<String, String> SAMPLES = Map.of("OPSBUS_CHAT_URL", "chat", "OPSBUS_ACTION_URL", "trigger/action", "OPSBUS_AGENT_URL", "api/push");
    private static final String DEFAULT_PORT = "8080";

    private final Environment environment;

    DemoUrls(Environment environment) {
        this.environment = environment;
    }

    @Override
    public String value(String name) {
        String value = System.getenv(name);
        String port = environment.getProperty("local.server.port", DEFAULT_PORT);
        return value != null || !SAMPLES.containsKey(name) || port.equals(DEFAULT_PORT) ? value : "http://127.0.0.1:" + port + "/demo/inbox/" + SAMPLES.get(name);
    }
}
