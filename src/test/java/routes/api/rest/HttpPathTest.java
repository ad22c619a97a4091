package routes.api.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

class HttpPathTest {

    /**
     * What is served: by controllers, from files, by the contract, by Camel routes of opsbus' own, and by Spring
     * itself.
     */
    @Test
    void whatOpsbusServesIsItsOwn() throws Exception {
        Set<String> served = new TreeSet<>(Set.of("/actuator", "/error"));
        Path classes = Path.of("target/classes");
        try (Stream<Path> all = Files.walk(classes.resolve("routes/api"))) {
            for (Path file :
                    all.filter(path -> path.toString().endsWith(".class")).toList()) {
                Class<?> type = Class.forName(
                        classes.relativize(file)
                                .toString()
                                .replaceFirst("\\.class$", "")
                                .replace('/', '.'),
                        false,
                        getClass().getClassLoader());
                if (type.isAnnotationPresent(Controller.class)) {
                    Arrays.stream(type.getDeclaredMethods())
                            .map(method -> AnnotatedElementUtils.findMergedAnnotation(method, RequestMapping.class))
                            .filter(mapping -> mapping != null)
                            .forEach(mapping -> served.addAll(List.of(mapping.value())));
                }
            }
        }
        assertThat(served).contains("/login", "/api");
        PathMatchingResourcePatternResolver files = new PathMatchingResourcePatternResolver();
        for (String folder : new String[] {"static", "public", "META-INF/resources"}) {
            for (Resource file : files.getResources("classpath*:" + folder + "/**")) {
                URL url = file.getURL();
                String path = url.getPath().replaceFirst(".*/" + folder + "/", "/");
                if (file.isReadable() && !path.endsWith("/")) {
                    served.add(path);
                }
            }
        }
        assertThat(served).contains("/index.html", "/login.css").anyMatch(path -> path.startsWith("/webjars/"));
        JsonNode contract = new ObjectMapper(new YAMLFactory())
                .readTree(files.getResource("classpath:openapi.yaml").getInputStream());
        contract.path("paths")
                .fieldNames()
                .forEachRemaining(
                        path -> served.add(contract.at("/servers/0/url").asText() + path));
        for (Resource routes : files.getResources("classpath:camel/*.yaml")) {
            new ObjectMapper(new YAMLFactory())
                    .readTree(routes.getInputStream()).findValuesAsText("uri").stream()
                            .filter(uri -> uri.startsWith("platform-http:"))
                            .forEach(uri -> served.add(uri.substring("platform-http:".length())));
        }
        assertThat(served).anyMatch(path -> path.startsWith("/demo/")).anyMatch(path -> path.startsWith("/api/v1/"));
        assertThat(served)
                .allSatisfy(path -> assertThat(HttpPath.problem(HttpPath.of(path, false)))
                        .as(path)
                        .isPresent());
    }

    @ParameterizedTest
    @CsvSource({
        "/mine, false, /mine",
        "mine/, false, /mine",
        "//mine/x, true, /mine/x/**",
        "/, true, /**",
        "'', false, /",
        "/mine/{id}, false, /mine/{id}",
        "/apis, false, /apis",
        "/Login, false, /Login"
    })
    void aPathIsWrittenInOneWay(String path, boolean prefix, String written) {
        assertThat(HttpPath.of(path, prefix)).isEqualTo(written);
        assertThat(HttpPath.problem(written).isEmpty()).isEqualTo(written.matches("/[a-zA-Z].*"));
    }

    @ParameterizedTest
    @CsvSource({"/a/{b}, /a/{c}, true", "/a/{b}, /a/b, false", "/a/{b}/c, /a/{b}/d, false", "/a, /a/**, false"})
    void parametersAreAlikeWhateverTheirNames(String one, String other, boolean same) {
        assertThat(HttpPath.same(one, other)).isEqualTo(same);
    }

    @ParameterizedTest
    @CsvSource({"GET, POST, false", "'GET,POST', POST, true", ", POST, true", "get, GET, true", ",, true"})
    void twoRoutesMayShareAPathByDifferentMethods(String one, String other, boolean share) {
        assertThat(HttpPath.share(one, other)).isEqualTo(share);
    }
}
