package routes.api.rest;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.filter.OncePerRequestFilter;

/** In front of everything below {@code /api/v1/}: bodies are bounded, and whoever answers with an error does it in the API's form. */
final class ApiFilter extends OncePerRequestFilter {

    private final long maxBody;

    ApiFilter(long maxBody) {
        this.maxBody = maxBody;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain) throws ServletException, IOException {
        ApiServletResponse answer = new ApiServletResponse(response);
        chain.doFilter(new ApiServletRequest(request, maxBody), answer);
        answer.complete();
    }
}
