package routes.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Collections;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** Spring Boot's properties {@code server.…}, by the metadata that it ships for editors. */
final class ServerNames {

    static final String PREFIX = "server.";
    /** In nearly every start; reading the metadata takes half a second of it. */
    static final Set<String> USUAL = Set.of("server.address", "server.port");

    private final Set<String> names = new TreeSet<>();

    /** @throws IOException when the metadata can't be read */
    ServerNames() throws IOException {
        ClassLoader loader = ServerNames.class.getClassLoader();
        for (URL metadata : Collections.list(loader.getResources("META-INF/spring-configuration-metadata.json"))) {
            try (InputStream text = metadata.openStream()) {
                for (JsonNode property : new ObjectMapper().readTree(text).path("properties")) {
                    String name = property.path("name").asText();
                    if (name.startsWith(PREFIX)) {
                        names.add(name);
                    }
                }
            }
        }
    }

    /** In any way to write it; maps and lists go on behind their names. */
    boolean knows(String name) {
        String written = lowered(name);
        return names.isEmpty()
                || names.stream()
                        .map(ServerNames::lowered)
                        .anyMatch(known -> written.equals(known)
                                || written.startsWith(known + ".")
                                || written.startsWith(known + "["));
    }

    Set<String> names() {
        return names;
    }

    private static String lowered(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[-_]", "");
    }
}
