package routes.api;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** Tells a newcomer what there is to see. */
@Component
@ConditionalOnProperty("opsbus.demo")
class DemoHint {

    private static final Logger LOG = LoggerFactory.getLogger("demo");

    private final Environment environment;

    DemoHint(Environment environment) {
        this.environment = environment;
    }

    @EventListener(ApplicationReadyEvent.class)
    void say() {
        String port = environment.getProperty("local.server.port");
        LOG.info("A recorded incident plays every {} s as cluster \"{}\": through NATS, to the hooks in {}", DemoIncident.ROUND, DemoIncident.CLUSTER,
                environment.getProperty("opsbus.hooks.dir", "hooks"));
        LOG.info("Each line \"inbox\" below is a request that a hook has sent: path <- hook, attempt, text");
        LOG.info("Change a file there or drop one in: it takes effect within two seconds (docs/hooks.md)");
        LOG.info("Routes and figures: http://127.0.0.1:{}/actuator/hawtio/ (user and password: see above). Ctrl-C ends it", port);
    }
}
