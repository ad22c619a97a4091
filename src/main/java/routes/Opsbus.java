package routes;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Operations events for Kubernetes, on NATS, as Camel routes. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class Opsbus {

    public static void main(String[] args) {
        SpringApplication.run(Opsbus.class, args);
    }
}
