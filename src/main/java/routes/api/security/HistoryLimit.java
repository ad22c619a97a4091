package routes.api.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.filter.OncePerRequestFilter;
import routes.api.rest.Answer;
import routes.nats.HistoryProperties;

/**
 * So many requests that read history at the same time and no more, of each token and of all: from here until their answers are sent, since answers are large and clients may be
 * slow. Who is refused costs little. Only what was let in comes here, so there are no more counts than tokens.
 */
final class HistoryLimit extends OncePerRequestFilter {

    private static final String NO_TOKEN = "";

    private final RequestMatcher queries;
    private final HistoryProperties history;
    private final Semaphore places;
    private final Map<String, Semaphore> placesOfToken = new ConcurrentHashMap<>();

    HistoryLimit(RequestMatcher queries, HistoryProperties history) {
        this.queries = queries;
        this.history = history;
        this.places = new Semaphore(history.places());
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain) throws ServletException, IOException {
        if (!queries.matches(request)) {
            chain.doFilter(request, response);
            return;
        }
        Principal caller = request.getUserPrincipal();
        Semaphore own = placesOfToken.computeIfAbsent(caller == null ? NO_TOKEN : caller.getName(), name -> new Semaphore(history.perToken()));
        if (!own.tryAcquire()) {
            Refusals.send(Answer.busy(history.perToken() + " requests with this token read history already (opsbus.history.per-token)"), response);
            return;
        }
        try {
            if (!places.tryAcquire()) {
                Refusals.send(Answer.busy(history.places() + " requests read history already or wait for their turn (opsbus.history.threads, opsbus.history.queue)"), response);
                return;
            }
            try {
                chain.doFilter(request, response);
            } finally {
                places.release();
            }
        } finally {
            own.release();
        }
    }
}
