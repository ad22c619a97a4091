package routes.api.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.MissingNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

/** Tomcat resolves a path's dots and Spring does not, so that a request without a token was a 500 and a stack trace. */
@ExtendWith(OutputCaptureExtension.class)
class ApiFilterTest {

    private static final ApiMethods NO_PATHS = new ApiMethods(MissingNode.getInstance());

    @ParameterizedTest
    @CsvSource({
        "/./actuator/jolokia, 400",
        "/login/%2e%2e/actuator/jolokia, 400",
        "/actuator/health/../jolokia, 400",
        "/actuator/jolokia/., 400",
        "/actuator/jolokia/%2E%2e, 400",
        "/..;/actuator, 400",
        "//actuator, 400",
        "/.%2e/actuator/jolokia, 400",
        "/.well-known/x, 200",
        "/a/..b/c../.../d, 200",
        "/api/v1/events/ops.a.>, 200"
    })
    void dotsThatLeadElsewhereAreRefused(String path, int status) throws Exception {
        MockHttpServletRequest request = new MockHttpServletRequest("GET", path);
        MockHttpServletResponse response = new MockHttpServletResponse();
        new ApiFilter(1000, new BodyPlaces(1, 1), () -> NO_PATHS).doFilter(request, response, new MockFilterChain());
        assertThat(response.getStatus()).isEqualTo(status);
    }

    /** Whoever finds a request that fails can repeat it as often as they like. */
    @Test
    void whatFailsIsToldInTheApisFormAndAtLengthInTheLogOnceAMinute(CapturedOutput log) throws Exception {
        ApiFilter filter = new ApiFilter(1000, new BodyPlaces(1, 1), () -> NO_PATHS);
        for (int i = 0; i < 50; i++) {
            MockHttpServletResponse response = new MockHttpServletResponse();
            filter.doFilter(new MockHttpServletRequest("GET", "/x"), response, (request, answer) -> {
                throw new IllegalStateException("of the inside");
            });
            assertThat(response.getStatus()).isEqualTo(500);
            assertThat(response.getContentAsString()).contains("\"code\":-1").doesNotContain("of the inside");
        }
        assertThat(log.getOut()).containsOnlyOnce("IllegalStateException: of the inside");
    }
}
