package routes;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import routes.cli.Cli;

/** Operations events for Kubernetes, on NATS, as Camel routes. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class Opsbus {

    public static void main(String[] args) {
        int status = Cli.run(Opsbus.class, args);
        if (status != 0) {
            System.exit(status);
        }
    }
}
