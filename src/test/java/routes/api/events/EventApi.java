package routes.api.events;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.FilterType;

/** Of opsbus what takes and shows events, on a real server, open to everybody. */
@SpringBootConfiguration
@EnableAutoConfiguration
@ConfigurationPropertiesScan({"routes.nats", "routes.api.security", "routes.api.push"})
@ComponentScan(
        basePackages = {"routes.nats", "routes.api.rest", "routes.api.events", "routes.api.push", "routes.api.security"
        },
        excludeFilters =
                @ComponentScan.Filter(
                        type = FilterType.REGEX,
                        pattern = "routes\\.api\\.(events\\.(Tail|EventTail)|push\\.PushServer).*"))
class EventApi {}
