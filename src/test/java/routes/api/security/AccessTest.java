package routes.api.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.servlet.http.HttpServletRequest;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.test.autoconfigure.actuate.observability.AutoConfigureObservability;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Who is let in where, over real HTTP. Behind the door stands a stand-in for each operation that answers "in". */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "opsbus.security.tokens[0].name=reader",
            "opsbus.security.tokens[0].token=token-with-role-read",
            "opsbus.security.tokens[0].roles=read",
            "opsbus.security.tokens[1].name=ci",
            "opsbus.security.tokens[1].token=token-with-role-push",
            "opsbus.security.tokens[1].roles=push",
            "opsbus.security.tokens[2].name=oncall",
            "opsbus.security.tokens[2].token=token-with-role-operate",
            "opsbus.security.tokens[2].roles=operate",
            "opsbus.security.tokens[3].name=busy",
            "opsbus.security.tokens[3].token=token-that-pushes-a-lot",
            "opsbus.security.tokens[3].roles=push",
            "opsbus.security.tokens[4].name=watcher",
            "opsbus.security.tokens[4].token=token-with-role-read-too",
            "opsbus.security.tokens[4].roles=read",
            "opsbus.security.push-per-second=50",
            "opsbus.history.per-token=2",
            "opsbus.history.threads=2",
            "opsbus.history.queue=1",
            "opsbus.push.github.secret=s",
            "camel.main.routes-include-pattern=classpath:none/*.yaml",
            "management.endpoint.health.group.readiness.include=readinessState"
        })
@AutoConfigureObservability
@DirtiesContext
class AccessTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String READ = "token-with-role-read";
    private static final String ANOTHER = "token-with-role-read-too";
    private static final String PUSH = "token-with-role-push";
    private static final String OPERATE = "token-with-role-operate";
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Semaphore UNDER_WAY = new Semaphore(0);
    private static final CountDownLatch END = new CountDownLatch(1);

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @ConfigurationPropertiesScan("routes.api.security")
    @ComponentScan("routes.api.security")
    static class App {

        @RestController
        static class Operations {
            @GetMapping({"/", "/index.html", "/api/v1/me", "/api/v1/events", "/api/v1/hooks", "/api/v1/deadletters"})
            String get() {
                return "in";
            }

            @GetMapping("/api/v1/events/{pattern}/stream")
            Callable<String> onAnotherThread(HttpServletRequest request) {
                return () -> request.getUserPrincipal().getName();
            }

            @PostMapping({
                "/api/v1/namespaces/{a}/events/{b}",
                "/api/v1/notifications/{a}/{b}/{c}",
                "/api/v1/push/{a}",
                "/api/v1/hooks/try",
                "/api/v1/hooks/{a}/{b}/pause",
                "/api/v1/hooks/{a}/{b}/resume",
                "/api/v1/deadletters/replay",
                "/demo/inbox/chat",
                "/api/v1/later"
            })
            String post() {
                return "in";
            }

            @GetMapping("/api/v1/echo")
            String echo(HttpServletRequest request) {
                return Collections.list(request.getHeaderNames()).stream()
                                .map(name -> name + ": " + request.getHeader(name))
                                .toList()
                        + Stream.ofNullable(request.getCookies())
                                .flatMap(Stream::of)
                                .map(cookie -> cookie.getName() + "=" + cookie.getValue())
                                .toList()
                                .toString();
            }

            @GetMapping("/api/v1/explain")
            String takesLong() throws InterruptedException {
                UNDER_WAY.release();
                END.await();
                return "in";
            }

            @GetMapping("/api/v1/broken")
            String broken() {
                throw new IllegalStateException("a secret of the inside");
            }
        }
    }

    @LocalServerPort
    private int port;

    private HttpRequest.Builder to(String method, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(method, HttpRequest.BodyPublishers.noBody());
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest.Builder with(HttpRequest.Builder request, String token) {
        return request.header("Authorization", "Bearer " + token);
    }

    private static String message(HttpResponse<String> answer) throws Exception {
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        JsonNode json = JSON.readTree(answer.body());
        assertThat(json.path("code").asInt()).isEqualTo(-1);
        return json.path("message").asText();
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(textBlock = """
            #method, path,                                none, unknown, read, push, operate
            GET,  /actuator/health,                        200, 200, 200, 200, 200
            GET,  /actuator/health/readiness,              200, 200, 200, 200, 200
            GET,  /actuator/prometheus,                    401, 401, 200, 403, 403
            GET,  /actuator/info,                          401, 401, 200, 403, 403
            GET,  /actuator/hawtio/index.html,             401, 401, 200, 403, 403
            GET,  /actuator/jolokia/version,               401, 401, 200, 403, 403
            POST, /actuator/jolokia,                       401, 401, 400, 403, 403
            GET,  /actuator/hawtio/proxy/http/127.0.0.1/1, 401, 401, 403, 403, 403
            GET,  /login,                                  200, 200, 200, 200, 200
            GET,  /login.css,                              200, 200, 200, 200, 200
            GET,  /,                                       401, 401, 200, 403, 403
            GET,  /index.html,                             401, 401, 200, 403, 403
            GET,  /api/v1/me,                              401, 401, 200, 403, 403
            HEAD, /api/v1/me,                              401, 401, 200, 403, 403
            GET,  /api/v1/events,                          401, 401, 200, 403, 403
            GET,  /api/v1/events/ops.%3E/stream,           401, 401, 200, 403, 403
            GET,  /api/v1/nothing,                         401, 401, 404, 403, 403
            POST, /api/v1/hooks/try,                       401, 401, 200, 403, 403
            POST, /api/v1/namespaces/n/events/e,           401, 401, 403, 200, 403
            POST, /api/v1/notifications/a/b/c,             401, 401, 403, 200, 403
            POST, /api/v1/push/alertmanager,               401, 401, 403, 200, 403
            POST, /api/v1/push/github,                     200, 200, 200, 200, 200
            POST, /api/v1/hooks/n/h/pause,                 401, 401, 403, 403, 200
            POST, /api/v1/hooks/n/h/resume,                401, 401, 403, 403, 200
            POST, /api/v1/deadletters/replay,              401, 401, 403, 403, 200
            POST, /api/v1/later,                           401, 401, 403, 403, 200
            POST, /api/v1/me,                              401, 401, 403, 403, 405
            DELETE, /api/v1/hooks,                         401, 401, 403, 403, 405
            GET,  /actuator/env,                           401, 401, 404, 403, 403
            POST, /demo/inbox/chat,                        401, 401, 403, 403, 200""")
    void eachRoleOpensItsOwn(String method, String path, int none, int unknown, int read, int push, int operate)
            throws Exception {
        String[] tokens = {null, "token-that-nobody-knows", READ, PUSH, OPERATE};
        int[] expected = {none, unknown, read, push, operate};
        for (int i = 0; i < tokens.length; i++) {
            HttpRequest.Builder request = to(method, path);
            HttpResponse<String> answer = send(tokens[i] == null ? request : with(request, tokens[i]));
            assertThat(answer.statusCode()).as(tokens[i]).isEqualTo(expected[i]);
            if ((expected[i] == 401 || expected[i] == 403 || expected[i] >= 400 && path.startsWith("/api/"))
                    && !method.equals("HEAD")) {
                assertThat(message(answer)).isNotEmpty();
            }
            assertThat(answer.headers().firstValue("WWW-Authenticate"))
                    .isEqualTo(expected[i] == 401 ? Optional.of("Bearer") : Optional.empty());
            if (!path.equals("/login")) {
                assertThat(answer.headers().map()).as("nothing is kept").doesNotContainKey("set-cookie");
            }
        }
    }

    @Test
    void theAnswerNamesTheMissingRoleAndTheToken() throws Exception {
        assertThat(message(send(with(to("POST", "/api/v1/push/x"), READ))))
                .isEqualTo("this needs the role push, which the token \"reader\" does not have");
        assertThat(message(send(to("GET", "/api/v1/me")))).contains("needs a token", "/login");
        assertThat(message(send(with(to("GET", "/api/v1/me"), "what-is-this-token"))))
                .contains("not known")
                .doesNotContain("what-is-this-token");
    }

    @Test
    void aTokenComesAsBearerBasicOrCookieAndNeverInTheAddress() throws Exception {
        String basic = Base64.getEncoder().encodeToString(("whoever:" + READ).getBytes(StandardCharsets.UTF_8));
        assertThat(send(to("GET", "/api/v1/me").header("Authorization", "Basic " + basic))
                        .statusCode())
                .isEqualTo(200);
        assertThat(send(to("GET", "/api/v1/me").header("Authorization", "bearer " + READ))
                        .statusCode())
                .isEqualTo(200);
        assertThat(send(to("GET", "/api/v1/me").header("Cookie", "a=b; opstoken=" + READ))
                        .statusCode())
                .isEqualTo(200);
        for (String query : List.of("opstoken=", "token=", "access_token=")) {
            assertThat(send(to("GET", "/api/v1/me?" + query + READ)).statusCode())
                    .isEqualTo(401);
        }
        assertThat(send(to("POST", "/api/v1/push/x")
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .method("POST", HttpRequest.BodyPublishers.ofString("access_token=" + PUSH)))
                        .statusCode())
                .isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Bearer",
                "Bearer ",
                "Basic",
                "Basic !!!",
                "Basic Og==",
                "Digest username=x",
                READ,
                "Bearer " + READ + " x",
                "Bearer  x"
            })
    void aHeaderThatIsNoTokenIsRefusedWhateverTheCookieSays(String header) throws Exception {
        assertThat(send(to("GET", "/api/v1/me").header("Authorization", header).header("Cookie", "opstoken=" + READ))
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void whatABrowserSendsUnaskedNeedsTheOtherToken() throws Exception {
        String pause = "/api/v1/hooks/n/h/pause";
        assertThat(message(send(to("POST", pause).header("Cookie", "opstoken=" + OPERATE))))
                .contains("XSRF-TOKEN");
        assertThat(send(to("POST", pause)
                                .header("Cookie", "opstoken=" + OPERATE + "; XSRF-TOKEN=a")
                                .header("X-XSRF-TOKEN", "b"))
                        .statusCode())
                .isEqualTo(403);
        HttpResponse<String> in = send(to("POST", pause)
                .header("Cookie", "opstoken=" + OPERATE + "; XSRF-TOKEN=a")
                .header("X-XSRF-TOKEN", "a"));
        assertThat(in.statusCode()).isEqualTo(200);
        assertThat(in.headers().map()).as("it stays the same").doesNotContainKey("set-cookie");
        String basic = "Basic " + Base64.getEncoder().encodeToString((":" + OPERATE).getBytes(StandardCharsets.UTF_8));
        assertThat(send(to("POST", pause).header("Authorization", basic)).statusCode())
                .isEqualTo(200);
        assertThat(send(to("POST", pause).header("Authorization", basic).header("Origin", "https://evil.example"))
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void aPageGetsTheOtherTokenWithItsFirstAnswer() throws Exception {
        HttpResponse<String> answer = send(to("GET", "/").header("Cookie", "opstoken=" + READ));
        assertThat(answer.headers().firstValue("Set-Cookie").orElseThrow())
                .startsWith("XSRF-TOKEN=")
                .contains("SameSite=Strict")
                .doesNotContain("HttpOnly");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/api/v1/me",
                "/api/v1/nothing",
                "/login",
                "/login.css",
                "/actuator/health",
                "/actuator/hawtio/index.html",
                "/api/v1/a%2fb"
            })
    void everyAnswerTellsBrowsersToBeCareful(String path) throws Exception {
        HttpHeaders headers = send(with(to("GET", path), READ)).headers();
        assertThat(headers.firstValue("X-Content-Type-Options")).contains("nosniff");
        if (!path.contains("%")) {
            assertThat(headers.allValues("Content-Security-Policy"))
                    .singleElement()
                    .asString()
                    .contains(
                            "default-src 'self'",
                            "object-src 'none'",
                            "base-uri 'self'",
                            "form-action 'self'",
                            "frame-ancestors 'none'")
                    .doesNotContain("script-src", "unsafe-eval");
            assertThat(headers.firstValue("Content-Security-Policy")
                            .orElseThrow()
                            .contains("unsafe-inline"))
                    .isEqualTo(path.contains("hawtio"));
            assertThat(headers.firstValue("Referrer-Policy")).contains("no-referrer");
            assertThat(headers.firstValue("X-Frame-Options")).contains("DENY");
        }
        if (path.startsWith("/api")) {
            assertThat(headers.firstValue("Cache-Control").orElse("no-store")).contains("no-store");
        }
    }

    @Test
    void aPersonIsSentToTheLoginPageAndAProgramIsNot() throws Exception {
        HttpResponse<String> person = send(to("GET", "/").header("Accept", "text/html,*/*;q=0.8"));
        assertThat(person.statusCode()).isEqualTo(302);
        assertThat(person.headers().firstValue("Location")).contains("/login");
        assertThat(send(to("GET", "/api/v1/me").header("Accept", "text/html")).statusCode())
                .isEqualTo(401);
    }

    private HttpResponse<String> login(String token, String csrf) throws Exception {
        return send(loginForm(token, csrf));
    }

    private HttpRequest.Builder loginForm(String token, String csrf) {
        return to("POST", "/login")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Cookie", "XSRF-TOKEN=a")
                .method("POST", HttpRequest.BodyPublishers.ofString("token=" + token + "&_csrf=" + csrf));
    }

    @Test
    void theLoginPageTurnsATokenIntoACookie() throws Exception {
        HttpResponse<String> in = login("+" + READ + "+", "a");
        assertThat(in.statusCode()).isEqualTo(303);
        assertThat(in.headers().firstValue("Location")).contains("/");
        assertThat(in.headers().allValues("Set-Cookie"))
                .filteredOn(cookie -> cookie.startsWith("opstoken="))
                .singleElement()
                .asString()
                .startsWith("opstoken=" + READ + ";")
                .contains("HttpOnly", "SameSite=Strict", "Path=/")
                .doesNotContain("Secure");
        assertThat(send(loginForm(READ, "a").header("X-Forwarded-Proto", "https"))
                        .headers()
                        .allValues("Set-Cookie"))
                .anyMatch(cookie -> cookie.startsWith("opstoken=") && cookie.contains("Secure"));
        HttpResponse<String> out = send(to("POST", "/logout")
                .header("Cookie", "opstoken=" + READ + "; XSRF-TOKEN=a")
                .header("X-XSRF-TOKEN", "a"));
        assertThat(out.headers().allValues("Set-Cookie"))
                .filteredOn(cookie -> cookie.startsWith("opstoken=;"))
                .singleElement()
                .asString()
                .contains("Max-Age=0");
    }

    @Test
    void theLoginPageSaysWhyItLetsNobodyIn() throws Exception {
        assertThat(login("%3Cscript%3Ealert(1)%3C/script%3E", "a"))
                .satisfies(
                        answer -> assertThat(answer.statusCode()).isEqualTo(401),
                        answer ->
                                assertThat(answer.body()).contains("not known").doesNotContain("<script"));
        assertThat(login(PUSH, "a"))
                .satisfies(
                        answer -> assertThat(answer.statusCode()).isEqualTo(403),
                        answer -> assertThat(answer.body()).contains("lacks the role read"));
        assertThat(login(READ, "b").statusCode()).isEqualTo(403);
        assertThat(send(to("GET", "/login?to=%22%3E%3Cscript%3E")).body()).doesNotContain("<script");
    }

    @Test
    void aLongAnswerKeepsItsCaller() throws Exception {
        assertThat(send(with(to("GET", "/api/v1/events/ops.%3E/stream"), READ)).body())
                .isEqualTo("reader");
    }

    @Test
    void theTokenEndsAtTheDoor() throws Exception {
        assertThat(send(with(to("GET", "/api/v1/echo"), READ)).body())
                .contains("host: ")
                .doesNotContain(READ);
        assertThat(send(to("GET", "/api/v1/echo").header("Cookie", "a=b; opstoken=" + READ))
                        .body())
                .contains("a=b")
                .doesNotContain(READ);
    }

    @Test
    void readersOfHistoryHavePlacesByTokenAndInAll() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> reading = new ArrayList<>();
        try {
            for (String token : List.of(READ, READ, ANOTHER)) {
                reading.add(HTTP.sendAsync(
                        with(to("GET", "/api/v1/explain"), token).build(), HttpResponse.BodyHandlers.ofString()));
                UNDER_WAY.acquire();
            }
            for (String path : List.of("/api/v1/events", "/api/v1/explain", "/api/v1/deadletters")) {
                HttpResponse<String> one = send(with(to("GET", path), READ));
                assertThat(one.statusCode()).isEqualTo(429);
                assertThat(one.headers().firstValue("Retry-After")).isPresent();
                assertThat(message(one)).contains("opsbus.history.per-token");
                HttpResponse<String> all = send(with(to("GET", path), ANOTHER));
                assertThat(all.statusCode()).isEqualTo(429);
                assertThat(message(all)).contains("opsbus.history.threads");
            }
            assertThat(send(with(to("GET", "/api/v1/hooks"), READ)).statusCode())
                    .isEqualTo(200);
        } finally {
            END.countDown();
        }
        for (CompletableFuture<HttpResponse<String>> one : reading) {
            assertThat(one.get().statusCode()).isEqualTo(200);
        }
        assertThat(send(with(to("GET", "/api/v1/events"), READ)).statusCode()).isEqualTo(200);
    }

    @Test
    void eachTokenHasItsOwnLimitOfPushes() throws Exception {
        HttpResponse<String> refused = Stream.generate(() -> push("token-that-pushes-a-lot"))
                .limit(2000)
                .filter(answer -> answer.statusCode() != 200)
                .findFirst()
                .orElseThrow();
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("Retry-After")).contains("1");
        assertThat(message(refused)).contains("50 pushes a second", "not stored");
        assertThat(push(PUSH).statusCode()).isEqualTo(200);
    }

    /** From an address of its own: the other tests' wrong tokens count, too. */
    @Test
    void aRightTokenIsServedHoweverManyWrongOnesCame() throws Exception {
        assertThat(fromElsewhere("wrong")).startsWith("HTTP/1.1 401 ");
        for (int i = 0; i < WrongTokens.MOST; i++) {
            fromElsewhere("wrong" + i);
        }
        assertThat(fromElsewhere("wrong"))
                .startsWith("HTTP/1.1 429 ")
                .contains("Retry-After: ", "{\"code\":-1,\"message\":\"too many wrong tokens");
        assertThat(fromElsewhere(READ)).startsWith("HTTP/1.1 200 ");
    }

    private String fromElsewhere(String token) throws Exception {
        try (Socket socket = new Socket()) {
            socket.bind(new java.net.InetSocketAddress("127.0.0.9", 0));
            socket.connect(new java.net.InetSocketAddress("127.0.0.1", port));
            socket.getOutputStream()
                    .write(("GET /api/v1/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token
                                    + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private HttpResponse<String> push(String token) {
        try {
            return send(with(to("POST", "/api/v1/namespaces/n/events/e"), token));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/a%2fb",
                "/api/v1/a;b=c",
                "/api/v1/%0d%0aX:y",
                "/api/v1/../me",
                "/api/v1//me",
                "/api/v1/%00",
                "/api/v1/%5c",
                "/api/v1/%252f",
                "/api/v1/%e2%80%a8"
            })
    void whatNoHonestClientSendsIsRefusedWithAReason(String path) throws Exception {
        String answer = raw("GET " + path + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + READ
                + "\r\nConnection: close\r\n\r\n");
        assertThat(answer)
                .startsWith("HTTP/1.1 400 ")
                .contains("{\"code\":-1,\"message\":\"")
                .doesNotContain("<", "\tat ", "Exception");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /api/v1/me\u0001 HTTP/1.1\r\nHost: x\r\n",
                "GET /api/v1/<x> HTTP/1.1\r\nHost: x\r\n",
                "GET /api/v1/%zz HTTP/1.1\r\nHost: x\r\n",
                "GET /api/v1/me HTTP/1.1\r\n",
                "GET /api/v1/me HTTP/1.1\r\nHost: x\r\nIdempotency-Key: a\u0001b\r\n",
                "GET /api/v1/me HTTP/1.1\r\nHost: x\r\nX: \u0085\r\n",
                "TRACE /api/v1/me HTTP/1.1\r\nHost: x\r\n"
            })
    void whatIsNoRequestIsRefusedInTheSameForm(String request) throws Exception {
        assertThat(raw(request + "Authorization: Bearer " + READ + "\r\nConnection: close\r\n\r\n"))
                .matches("(?s)HTTP/1.1 40[05] .*")
                .contains("{\"code\":-1,\"message\":\"")
                .doesNotContain("<", "\tat ", "Exception", "Tomcat");
    }

    private String raw(String request) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void whatFailsInsideStaysInside() throws Exception {
        HttpResponse<String> answer =
                send(with(to("GET", "/api/v1/broken"), READ).header("Accept", "text/html"));
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(message(answer)).isEqualTo("opsbus could not do this; its log says why");
    }

    @Test
    void aMethodThatIsNotTakenIsNamed() throws Exception {
        HttpResponse<String> answer = send(with(to("POST", "/api/v1/me"), OPERATE));
        assertThat(answer.headers().firstValue("Allow")).contains("GET");
        assertThat(message(answer)).isEqualTo("this address does not take POST");
    }
}
