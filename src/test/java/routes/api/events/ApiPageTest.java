package routes.api.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationBeanNameGenerator;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.stereotype.Component;

class ApiPageTest extends EventApiTest {

    /** Here, since Camel would say so of each context that has some of the operations only. */
    @Test
    void everyOperationOfTheContractHasItsBean() throws Exception {
        String contract = new ClassPathResource("openapi.yaml").getContentAsString(StandardCharsets.UTF_8);
        ClassPathScanningCandidateComponentProvider scanner = new ClassPathScanningCandidateComponentProvider(false);
        scanner.addIncludeFilter(new AnnotationTypeFilter(Component.class));
        List<String> beans = scanner.findCandidateComponents("routes.api").stream()
                .map(bean -> AnnotationBeanNameGenerator.INSTANCE.generateBeanName(bean, null))
                .toList();
        List<String> operations = Pattern.compile("operationId: (\\w+)")
                .matcher(contract)
                .results()
                .map(found -> found.group(1))
                .toList();
        assertThat(operations)
                .contains("postEvent", "me")
                .filteredOn(operation -> !operation.equals("streamEvents")) // the tail answers it
                .allSatisfy(operation -> assertThat(beans).contains(operation));
    }

    @Test
    void everyOperationSaysWhatTheDoorsAnswer() throws Exception {
        JsonNode paths = new ObjectMapper(new YAMLFactory())
                .readTree(new ClassPathResource("openapi.yaml").getInputStream())
                .path("paths");
        int operations = 0;
        for (JsonNode path : paths) {
            for (JsonNode operation : path) {
                List<String> answers = new ArrayList<>();
                operation.path("responses").fieldNames().forEachRemaining(answers::add);
                assertThat(answers)
                        .as(operation.path("operationId").asText())
                        .contains("200", "401", "403")
                        .doesNotHaveDuplicates();
                if (operation.has("requestBody")) {
                    assertThat(answers)
                            .as(operation.path("operationId").asText())
                            .contains("400", "413");
                }
                operations++;
            }
        }
        assertThat(operations).isGreaterThan(14);
    }

    @Test
    void thePageAndAllItNeedsComeFromHere() throws Exception {
        ApiClient.Answer page = api.get("/api");
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.response().headers().firstValue("Content-Type").orElse(""))
                .startsWith("text/html");
        assertThat(page.body()).doesNotContainPattern("<script(?![^>]*src=)").doesNotContain("://");

        List<String> files = new ArrayList<>(List.of("/api/openapi.yaml"));
        for (Matcher link = Pattern.compile("(?:src|href)=\"([^\"]+)\"").matcher(page.body()); link.find(); ) {
            files.add(link.group(1));
        }
        assertThat(files).hasSizeGreaterThan(4);
        for (String file : files) {
            assertThat(api.get(file).status()).as(file).isEqualTo(200);
        }
        assertThat(api.get("/api/openapi.yaml").body()).contains("operationId: postEvent");
    }
}
