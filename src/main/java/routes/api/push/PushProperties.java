package routes.api.push;

import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What may push in besides the built-in sources.
 *
 * @param mappings the options of each mapping by its name; {@link MappingReader} knows them
 */
@ConfigurationProperties("opsbus.push")
public record PushProperties(@DefaultValue Map<String, Map<String, String>> mappings) {

    /** @throws IllegalArgumentException for a mapping that can't work: names the property and says how to write it */
    public void check() {
        mappings.forEach((name, options) -> new MappingReader(name, options).read());
    }
}
