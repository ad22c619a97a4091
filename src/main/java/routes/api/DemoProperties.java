package routes.api;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The demonstration.
 *
 * @param demo plays a recorded incident; {@code ./opsbus start --demo} sets it and watches no cluster meanwhile
 */
@ConfigurationProperties("opsbus")
public record DemoProperties(@DefaultValue("false") boolean demo) {}
