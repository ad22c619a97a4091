package routes.api.security;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.filter.OncePerRequestFilter;
import routes.api.rest.Answer;

/** So many pushes a second from each token and no more. Only what was let in comes here, so there are no more buckets than tokens. */
final class PushLimit extends OncePerRequestFilter {

    private static final String NO_TOKEN = "";

    private final RequestMatcher pushes;
    private final int perSecond;
    private final Map<String, Bucket> buckets = new ConcurrentHashMap<>();

    PushLimit(RequestMatcher pushes, int perSecond) {
        this.pushes = pushes;
        this.perSecond = perSecond;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain) throws ServletException, IOException {
        if (!pushes.matches(request)) {
            chain.doFilter(request, response);
            return;
        }
        Principal caller = request.getUserPrincipal();
        ConsumptionProbe probe = buckets.computeIfAbsent(caller == null ? NO_TOKEN : caller.getName(), name -> full()).tryConsumeAndReturnRemaining(1);
        if (probe.isConsumed()) {
            chain.doFilter(request, response);
            return;
        }
        long seconds = TimeUnit.NANOSECONDS.toSeconds(probe.getNanosToWaitForRefill()) + 1;
        Refusals.send(new Answer(429, "more than " + perSecond + " pushes a second (opsbus.security.push-per-second); this one is not stored, try again", null,
                Map.of("Retry-After", Long.toString(seconds))), response);
    }

    private Bucket full() {
        return Bucket.builder().addLimit(limit -> limit.capacity(perSecond).refillGreedy(perSecond, Duration.ofSeconds(1))).build();
    }
}
