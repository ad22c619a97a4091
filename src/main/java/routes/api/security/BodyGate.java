package routes.api.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.filter.OncePerRequestFilter;
import routes.api.rest.Answer;
import routes.api.rest.ApiException;
import routes.api.rest.RequestBody;

/**
 * Reads the body of a request whose token is known, or which needs none. Of all others nothing is read, and their
 * connection ends with the answer.
 */
final class BodyGate extends OncePerRequestFilter {

    private final RequestMatcher open;

    /** @param open what is let in without a token, and has a body */
    BodyGate(RequestMatcher open) {
        this.open = open;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        RequestBody body = RequestBody.of(request);
        if (body == null || !RequestBody.isIn(request)) {
            chain.doFilter(request, response);
        } else if (request.getUserPrincipal() == null && !open.matches(request)) {
            response.setHeader(HttpHeaders.CONNECTION, "close");
            chain.doFilter(request, response);
        } else {
            try {
                body.read();
            } catch (ApiException e) {
                response.setHeader(HttpHeaders.CONNECTION, "close");
                Refusals.send(
                        new Answer(
                                e.status(),
                                e.getMessage(),
                                null,
                                e.status() == 503 ? Map.of("Retry-After", "2") : Map.of()),
                        response);
                return;
            }
            chain.doFilter(body.in(request), response);
        }
    }
}
