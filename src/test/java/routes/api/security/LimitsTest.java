package routes.api.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import routes.api.security.Limits.Limit;

class LimitsTest {

    private static final int ALL = 5;
    private static final int OWN = 2;

    private final Limits limits = new Limits(List.of(
            new Limit(
                    request -> request.getRequestURI().equals("/few"),
                    Places.ofEach(() -> Places.atOnce(OWN, "own", 10))),
            new Limit(request -> request.getRequestURI().equals("/few"), Places.atOnce(ALL, "all", 10)),
            new Limit(
                    request -> request.getRequestURI().equals("/seldom"),
                    Places.ofEach(() -> Places.perSecond(OWN, "seldom")))));

    private MockHttpServletResponse send(String path, String caller, FilterChain then) throws Exception {
        MockHttpServletRequest request = new MockHttpServletRequest("GET", path);
        request.setUserPrincipal(caller == null ? null : () -> caller);
        MockHttpServletResponse response = new MockHttpServletResponse();
        limits.doFilter(request, response, then);
        return response;
    }

    /** So many requests under way, one in the other; then what the last one does. */
    private void inside(int depth, String path, String caller, FilterChain then) throws Exception {
        if (depth == 0) {
            then.doFilter(null, null);
            return;
        }
        assertThat(send(path, caller, (request, response) -> {
                            try {
                                inside(depth - 1, path, caller, then);
                            } catch (Exception e) {
                                throw new ServletException(e);
                            }
                        })
                        .getStatus())
                .isEqualTo(200);
    }

    @Test
    void whoIsRefusedWithManyOthersComesAfterThem() throws Exception {
        List<Integer> seconds = new ArrayList<>();
        inside(OWN, "/few", "a", (request, response) -> {
            for (int i = 0; i < 400; i++) {
                try {
                    seconds.add(Integer.valueOf(send("/few", "a", null).getHeader("Retry-After")));
                } catch (Exception e) {
                    throw new ServletException(e);
                }
            }
        });
        assertThat(seconds).isSorted().startsWith(10).endsWith(60);
        assertThat(seconds.subList(0, 100)).as("100 within 20 s").allMatch(second -> second <= 30);
        assertThat(seconds.get(99)).isGreaterThan(25);
    }

    private FilterChain isRefused(String path, String caller, String why) {
        return (request, response) -> {
            try {
                MockHttpServletResponse refused = send(path, caller, (its, answer) -> {
                    throw new AssertionError("it was let in");
                });
                assertThat(refused.getStatus()).isEqualTo(429);
                assertThat(refused.getHeader("Retry-After")).matches("[1-9]\\d*");
                assertThat(refused.getContentAsString()).contains(why);
            } catch (Exception e) {
                throw new ServletException(e);
            }
        };
    }

    @Test
    void aCallerHasItsPlacesAndAllHaveTheirs() throws Exception {
        inside(OWN, "/few", "a", isRefused("/few", "a", "own"));
        inside(OWN, "/few", null, isRefused("/few", null, "own"));
        inside(
                OWN,
                "/few",
                "a",
                (r1, a1) -> all(() -> inside(
                        OWN,
                        "/few",
                        "b",
                        (r2, a2) -> all(() -> inside(1, "/few", "c", isRefused("/few", "d", "all"))))));
    }

    @Test
    void aPlaceIsFreeAgainHoweverItsRequestEnds() throws Exception {
        for (int i = 0; i < 3 * ALL; i++) {
            assertThatThrownBy(() -> send("/few", "a", (request, response) -> {
                        throw new ServletException("broken");
                    }))
                    .hasMessage("broken");
            inside(OWN, "/few", "a", isRefused("/few", "a", "own")); // who is refused for all gives back its own
        }
        inside(OWN, "/few", "a", (request, response) -> {});
    }

    @Test
    void soManyASecondOfEachCaller() throws Exception {
        FilterChain pass = (request, response) -> {};
        MockHttpServletResponse answer = send("/seldom", "a", pass);
        for (int i = 0; i < 1_000 && answer.getStatus() == 200; i++) { // a busy machine may take its time for the first
            answer = send("/seldom", "a", pass);
        }
        assertThat(answer.getStatus()).isEqualTo(429);
        assertThat(answer.getHeader("Retry-After")).matches("[1-9]\\d*");
        assertThat(send("/seldom", "b", pass).getStatus()).isEqualTo(200);
    }

    @Test
    void othersPass() throws Exception {
        inside(3 * ALL, "/other", "a", (request, response) -> {});
    }

    private interface Step {
        void run() throws Exception;
    }

    private static void all(Step step) throws ServletException {
        try {
            step.run();
        } catch (Exception e) {
            throw new ServletException(e);
        }
    }
}
