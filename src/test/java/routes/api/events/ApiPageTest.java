package routes.api.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ApiPageTest extends EventApiTest {

    @Test
    void thePageAndAllItNeedsComeFromHere() throws Exception {
        ApiClient.Answer page = api.get("/api");
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.response().headers().firstValue("Content-Type").orElse("")).startsWith("text/html");
        assertThat(page.body()).doesNotContainPattern("<script(?![^>]*src=)").doesNotContain("://");

        List<String> files = new ArrayList<>(List.of("/api/openapi.yaml"));
        for (Matcher link = Pattern.compile("(?:src|href)=\"([^\"]+)\"").matcher(page.body()); link.find();) {
            files.add(link.group(1));
        }
        assertThat(files).hasSizeGreaterThan(4);
        for (String file : files) {
            assertThat(api.get(file).status()).as(file).isEqualTo(200);
        }
        assertThat(api.get("/api/openapi.yaml").body()).contains("operationId: postEvent");
    }
}
