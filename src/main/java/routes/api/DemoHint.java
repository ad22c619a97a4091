package routes.api;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;
import routes.api.security.DemoToken;

/** Tells a newcomer what there is to see. */
@Component
@ConditionalOnProperty("opsbus.demo")
class DemoHint {

    private static final Logger LOG = LoggerFactory.getLogger("demo");

    private final Environment environment;
    private final ObjectProvider<DemoToken> token;

    DemoHint(Environment environment, ObjectProvider<DemoToken> token) {
        this.environment = environment;
        this.token = token;
    }

    @EventListener(ApplicationReadyEvent.class)
    void say() {
        String port = environment.getProperty("local.server.port");
        LOG.info(
                "A recorded incident plays every {} s as cluster \"{}\": through NATS, to the hooks in {}",
                DemoIncident.ROUND,
                DemoIncident.CLUSTER,
                environment.getProperty("opsbus.hooks.dir", "hooks"));
        LOG.info("Each line \"inbox\" below is a request that a hook has sent: path <- hook, attempt, text");
        LOG.info("Change a file there or drop one in: it takes effect within two seconds (docs/hooks.md)");
        LOG.info("Console: http://127.0.0.1:{}/ (routes and their figures: /actuator/hawtio/). Ctrl-C ends it", port);
        token.ifAvailable(mine -> LOG.info("It asks for a token: paste {}", mine.text()));
    }
}
