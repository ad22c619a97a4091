package routes.api.push;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.springframework.stereotype.Component;
import routes.api.rest.ApiException;

/** What {@code /api/v1/push} knows: the built-in sources, and the mappings of the configuration. */
@Component
class PushSources {

    private final SortedMap<String, PushSource> byName = new TreeMap<>();

    /** @throws IllegalArgumentException for a mapping that can't work: names the property and says how to write it */
    PushSources(List<PushSource> builtIn, PushProperties properties) {
        builtIn.forEach(source -> byName.put(source.name(), source));
        properties.mappings().forEach((name, options) -> byName.put(name, new MappingReader(name, options).read()));
    }

    /** @throws ApiException when there is none: lists those there are */
    PushSource named(String name) {
        PushSource source = byName.get(name);
        if (source == null) {
            throw ApiException.notFound("there is no source of that name; known: " + String.join(", ", byName.keySet())
                    + ". A mapping is added in the configuration: opsbus.push.mappings.{name}");
        }
        return source;
    }
}
