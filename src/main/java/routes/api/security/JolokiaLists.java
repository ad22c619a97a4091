package routes.api.security;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.filter.OncePerRequestFilter;
import routes.api.rest.Answer;
import routes.api.rest.BufferedRequest;

/**
 * Jolokia makes an answer whole in memory before it sends the first byte, and takes a list of requests as one: some
 * thousand times {@code list}, in 50 kB, took all memory there is. So few in a list, and few lists at the same time
 * ({@link Limits}). Behind the door: who comes here has the role read.
 */
final class JolokiaLists extends OncePerRequestFilter {

    /** In one list. Hawtio asks for what it shows at the moment, which is less. */
    static final int MOST = 100;
    /** In one list, of those whose answer grows with the number of MBeans. */
    static final int MOST_LARGE = 4;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final RequestMatcher jolokia;

    JolokiaLists(RequestMatcher jolokia) {
        this.jolokia = jolokia;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (!jolokia.matches(request) || !request.getMethod().equals("POST")) {
            chain.doFilter(request, response);
            return;
        }
        byte[] body = request.getInputStream().readAllBytes();
        Answer refusal = refusal(body);
        if (refusal == null) {
            chain.doFilter(new BufferedRequest(request, body), response);
        } else {
            Refusals.send(refusal, response);
        }
    }

    /** Null when there is none. */
    private static Answer refusal(byte[] text) throws IOException {
        JsonNode body;
        try {
            body = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return Answer.failed(400, "the body is not JSON");
        }
        if (body == null || !body.isArray()) {
            return null;
        }
        int large = 0;
        for (JsonNode one : body) {
            large += isLarge(one) ? 1 : 0;
        }
        return body.size() <= MOST && large <= MOST_LARGE
                ? null
                : Answer.failed(
                        413,
                        "a list has at most " + MOST + " requests, " + MOST_LARGE
                                + " of them of type list or with a pattern; send several lists, one after the other");
    }

    private static boolean isLarge(JsonNode request) {
        return request.path("type").asText().equalsIgnoreCase("list")
                || isPattern(request.path("mbean").asText());
    }

    /** Names of endpoints have signs of a pattern in quotes, as what they are. */
    private static boolean isPattern(String mbean) {
        try {
            return (mbean.contains("*") || mbean.contains("?")) && new ObjectName(mbean).isPattern();
        } catch (MalformedObjectNameException e) {
            return false; // Jolokia says so
        }
    }
}
