package routes.api.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

/** One request with a token that only reads, of 51 kB, ended opsbus: a list of 3,000 times {@code list}. */
class JolokiaListsTest {

    private static final String LIST = "{\"type\":\"list\"}";
    private static final String PATTERN = "{\"type\":\"read\",\"mbean\":\"org.apache.camel:type=routes,*\"}";
    private static final String UPTIME =
            "{\"type\":\"read\",\"mbean\":\"java.lang:type=Runtime\",\"attribute\":\"Uptime\"}";

    private final JolokiaLists filter =
            new JolokiaLists(request -> request.getRequestURI().startsWith("/actuator/jolokia"));

    private static MockHttpServletRequest post(String body) {
        MockHttpServletRequest request = new MockHttpServletRequest("POST", "/actuator/jolokia");
        request.setContent(body.getBytes(StandardCharsets.UTF_8));
        return request;
    }

    @ParameterizedTest
    @CsvSource({
        "1, 0, 0, true",
        "4, 0, 96, true",
        "2, 2, 0, true",
        "5, 0, 0, false",
        "2, 3, 0, false",
        "0, 0, 101, false",
        "3000, 0, 0, false"
    })
    void aListOfRequestsIsShort(int lists, int patterns, int others, boolean passes) throws Exception {
        String all = (LIST + ",").repeat(lists) + (PATTERN + ",").repeat(patterns) + (UPTIME + ",").repeat(others);
        MockHttpServletResponse response = new MockHttpServletResponse();
        MockFilterChain chain = new MockFilterChain();
        filter.doFilter(post("[" + all.substring(0, all.length() - 1) + "]"), response, chain);
        assertThat(chain.getRequest() != null).isEqualTo(passes);
        assertThat(response.getStatus()).isEqualTo(passes ? 200 : 413);
    }

    @Test
    void aQuestionMarkInANameIsNoPattern() throws Exception {
        String endpoint =
                "{\"type\":\"read\",\"mbean\":\"org.apache.camel:context=opsbus,type=endpoints,name=\\\"direct://a\\\\?block=false\\\"\"}";
        MockFilterChain chain = new MockFilterChain();
        filter.doFilter(
                post("[" + String.join(",", Collections.nCopies(50, endpoint)) + "]"),
                new MockHttpServletResponse(),
                chain);
        assertThat(chain.getRequest()).isNotNull();
    }

    @Test
    void whatIsNotJsonIsNotPassedOn() throws Exception {
        MockHttpServletResponse response = new MockHttpServletResponse();
        filter.doFilter(post("[" + LIST + ",,"), response, new MockFilterChain());
        assertThat(response.getStatus()).isEqualTo(400);
    }
}
