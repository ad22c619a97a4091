package routes.api.rest;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.UriUtils;

/**
 * In front of everything below {@code /api/v1/}: bodies are bounded, and whoever answers with an error does it in the API's form. In front of all else it only refuses
 * what Spring would fail on.
 */
final class ApiFilter extends OncePerRequestFilter {

    private static final String API = "/api/v1/";

    private final long maxBody;
    private final BooleanSupplier ready;

    /** @param ready whether the API's routes run */
    ApiFilter(long maxBody, BooleanSupplier ready) {
        this.maxBody = maxBody;
        this.ready = ready;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain) throws ServletException, IOException {
        if (!isDecodable(request.getRequestURI())) {
            new ApiServletResponse(response).sendError(HttpServletResponse.SC_BAD_REQUEST);
        } else if ((request.getServletPath() + "/").startsWith(API)) {
            if (!ready.getAsBoolean()) {
                response.setHeader("Retry-After", "1");
                new ApiServletResponse(response).sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
                return;
            }
            ApiServletResponse answer = new ApiServletResponse(response);
            chain.doFilter(new ApiServletRequest(request, maxBody), answer);
            answer.complete();
        } else {
            chain.doFilter(request, response);
        }
    }

    /** Tomcat does not look behind a semicolon, and Spring ends there with an exception: before its firewall. */
    private static boolean isDecodable(String path) {
        try {
            UriUtils.decode(path, StandardCharsets.UTF_8);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
