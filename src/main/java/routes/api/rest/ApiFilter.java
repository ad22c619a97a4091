package routes.api.rest;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.UriUtils;

/**
 * In front of everything: a path that means one thing to one part of the server and another to the next is refused, no
 * body is read but by {@link RequestBody}, and what fails is told in the API's form. Below {@code /api/v1/} so is every
 * other error.
 */
final class ApiFilter extends OncePerRequestFilter {

    private static final Logger LOG = LoggerFactory.getLogger(ApiFilter.class);
    static final String API = ApiMethods.BASE + "/";
    private static final String INBOX = "/demo/inbox";
    private static final Pattern DOTS = Pattern.compile("/\\.\\.?(/|$)");
    private static final long SAID_AGAIN_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final int maxBody;
    private final BodyPlaces places;
    private final Supplier<ApiMethods> methods;
    private final AtomicLong said = new AtomicLong(System.nanoTime() - SAID_AGAIN_NANOS);

    /** @param methods of the API's paths; null while its routes don't run */
    ApiFilter(int maxBody, BodyPlaces places, Supplier<ApiMethods> methods) {
        this.maxBody = maxBody;
        this.places = places;
        this.methods = methods;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            serve(request, response, chain);
        } catch (ServletException | RuntimeException e) {
            if (response.isCommitted()) {
                throw e;
            }
            say(request, e);
            new ApiServletResponse(response).sendError(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
        }
    }

    private void serve(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (!isPlain(request.getRequestURI())) {
            OddRequests.say(
                    "path",
                    request.getRemoteAddr(),
                    HttpServletResponse.SC_BAD_REQUEST,
                    "its path holds dots, a semicolon, empty parts or a broken encoding");
            new ApiServletResponse(response).sendError(HttpServletResponse.SC_BAD_REQUEST);
            return;
        }
        boolean toApi = (request.getServletPath() + "/").startsWith(API)
                || request.getServletPath().startsWith(INBOX);
        RequestBody.keep(request, toApi, maxBody, places);
        if (!toApi) {
            chain.doFilter(new BufferedRequest(request, new byte[0]), response);
            return;
        }
        ApiMethods known = methods.get();
        if (known == null) {
            response.setHeader("Retry-After", "1");
            new ApiServletResponse(response).sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
            return;
        }
        List<String> allowed = known.of(request);
        ApiServletResponse answer = new ApiServletResponse(response, allowed);
        chain.doFilter(new ApiServletRequest(request, allowed), answer);
        answer.complete();
    }

    /** Once a minute with all that is known; a client can repeat what it found. */
    private void say(HttpServletRequest request, Exception e) {
        long now = System.nanoTime();
        long last = said.get();
        if (now - last >= SAID_AGAIN_NANOS && said.compareAndSet(last, now)) {
            LOG.error(
                    "a request failed, {} of {} bytes; more within a minute are logged at level debug",
                    request.getMethod(),
                    request.getRequestURI().length(),
                    e);
        } else {
            LOG.debug("a request failed", e);
        }
    }

    /** Without what Tomcat resolves and Spring does not, or fails on, before its firewall would say so. */
    private static boolean isPlain(String path) {
        try {
            return !path.contains("//")
                    && !path.contains(";")
                    && !DOTS.matcher(UriUtils.decode(path, StandardCharsets.UTF_8))
                            .find();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
