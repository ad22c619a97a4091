package routes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

class ComponentsDocsTest {

    @ParameterizedTest
    @CsvSource({"components,component", "languages,language", "data formats,dataformat"})
    void thePageNamesWhatIsOnTheClassPath(String row, String kind) throws Exception {
        Set<String> there = new TreeSet<>();
        for (Resource service : new PathMatchingResourcePatternResolver()
                .getResources("classpath*:META-INF/services/org/apache/camel/" + kind + "/*")) {
            if (!service.getURL().getPath().contains("test")) {
                there.add(service.getFilename());
            }
        }
        there.removeIf(name -> name.startsWith("openshift-")); // their client is not in
        String line = Files.readAllLines(Path.of("docs/components.md")).stream()
                .filter(text -> text.startsWith("| " + row + " |"))
                .findFirst()
                .orElseThrow();
        Set<String> written = new TreeSet<>();
        Pattern.compile("`([a-zA-Z-]+)`").matcher(line).results().forEach(found -> written.add(found.group(1)));
        written.remove("json");
        assertThat(written).containsAll(there);
        assertThat(there)
                .containsAll(
                        written.stream().filter(name -> !name.contains("test")).toList());
    }

    @Test
    void theVersionThatIsToBeCopiedIsOurs() throws Exception {
        String version =
                Files.readString(Path.of("pom.xml")).replaceFirst("(?s).*<camel.version>(.*?)</camel.version>.*", "$1");
        assertThat(Files.readString(Path.of("docs/components.md"))).contains("org.apache.camel:camel-kafka:" + version);
    }
}
