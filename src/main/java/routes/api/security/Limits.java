package routes.api.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.filter.OncePerRequestFilter;
import routes.api.rest.Answer;

/**
 * Some requests have few places, which they keep until their answer is sent: answers are large and clients may be slow.
 * Who is refused is told when to come again, and costs little. Only what was let in comes here, so there are no more
 * callers than tokens.
 */
final class Limits extends OncePerRequestFilter {

    /** What such requests must get. */
    record Limit(RequestMatcher requests, Places places) {}

    private static final String NO_TOKEN = "";

    private final List<Limit> limits;

    /** @param limits in the order in which a request gets its places */
    Limits(List<Limit> limits) {
        this.limits = List.copyOf(limits);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Principal principal = request.getUserPrincipal();
        String caller = principal == null ? NO_TOKEN : principal.getName();
        Deque<Places> taken = new ArrayDeque<>();
        try {
            for (Limit limit : limits) {
                if (limit.requests().matches(request)) {
                    Answer refusal = limit.places().take(caller);
                    if (refusal != null) {
                        Refusals.send(refusal, response);
                        return;
                    }
                    taken.push(limit.places());
                }
            }
            chain.doFilter(request, response);
        } finally {
            taken.forEach(places -> places.leave(caller));
        }
    }
}
