package routes.api.events;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.FilterType;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;

/** Of opsbus what takes and shows events, on a real server, open to everybody. */
@SpringBootConfiguration
@EnableAutoConfiguration
@ConfigurationPropertiesScan("routes.nats")
@ComponentScan(basePackages = {"routes.nats", "routes.api.rest", "routes.api.events"},
        excludeFilters = @ComponentScan.Filter(type = FilterType.REGEX, pattern = "routes\\.api\\.events\\.(Tail|EventTail).*"))
class EventApi {

    @Bean
    SecurityFilterChain open(HttpSecurity http) throws Exception {
        return http.authorizeHttpRequests(requests -> requests.anyRequest().permitAll()).csrf(csrf -> csrf.disable()).build();
    }
}
