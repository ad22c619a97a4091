package routes.api.security;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseCookie;
import org.springframework.http.ResponseEntity;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.util.HtmlUtils;
import routes.api.rest.Answer;

/**
 * Where a person pastes a token. It becomes the browser's cookie {@code opstoken}, which scripts can't read and other
 * sites can't use; opsbus keeps nothing, so that every replica knows it and a restart changes nothing.
 */
@Controller
@ConditionalOnProperty(name = "opsbus.security.enabled", matchIfMissing = true)
final class LoginPage {

    static final String PATH = "/login";

    private static final String HAWTIO = "/actuator/hawtio";
    private static final MediaType HTML = new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8);
    /** As the original's. */
    private static final Duration KEPT = Duration.ofDays(7);

    private final Tokens tokens;
    private final WrongTokens wrong;
    private final String page;

    LoginPage(Tokens tokens, WrongTokens wrong) throws IOException {
        this.tokens = tokens;
        this.wrong = wrong;
        this.page = new ClassPathResource("login.html").getContentAsString(StandardCharsets.UTF_8);
    }

    /** Where to log in for what was asked. */
    static String addressFor(HttpServletRequest request) {
        String context = request.getContextPath();
        return context + PATH + (request.getRequestURI().startsWith(context + HAWTIO) ? "?to=hawtio" : "");
    }

    @GetMapping(PATH)
    ResponseEntity<String> show(@RequestParam(defaultValue = "") String to, CsrfToken csrf) {
        return page(200, to, "", csrf);
    }

    @PostMapping(PATH)
    ResponseEntity<String> login(
            @RequestParam(defaultValue = "") String token,
            @RequestParam(defaultValue = "") String to,
            CsrfToken csrf,
            HttpServletRequest request) {
        try {
            Token found = tokens.find(token.strip());
            if (found == null) {
                Answer refused = wrong.another(request.getRemoteAddr(), "This token is not known here.");
                return page(refused.status(), to, refused.message(), csrf);
            }
            if (!found.roles().contains(Role.READ)) {
                return page(
                        403,
                        to,
                        "The token \"" + found.name() + "\" lacks the role read, so it can't open the console.",
                        csrf);
            }
            return goTo(to.equals("hawtio") ? HAWTIO + "/" : "/", token.strip(), KEPT, request);
        } catch (IOException e) {
            return page(503, to, e.getMessage(), csrf);
        }
    }

    @PostMapping("/logout")
    ResponseEntity<String> logout(HttpServletRequest request) {
        return goTo(PATH, "", Duration.ZERO, request);
    }

    private ResponseEntity<String> page(int status, String to, String problem, CsrfToken csrf) {
        return ResponseEntity.status(status)
                .contentType(HTML)
                .body(page.replace("{csrf}", HtmlUtils.htmlEscape(csrf.getToken()))
                        .replace("{to}", to.equals("hawtio") ? to : "")
                        .replace("{problem}", HtmlUtils.htmlEscape(problem)));
    }

    private static ResponseEntity<String> goTo(String path, String token, Duration kept, HttpServletRequest request) {
        boolean https = request.isSecure() || "https".equalsIgnoreCase(request.getHeader("X-Forwarded-Proto"));
        ResponseCookie cookie = ResponseCookie.from(Token.COOKIE, token)
                .httpOnly(true)
                .sameSite("Strict")
                .secure(https)
                .path(request.getContextPath() + "/")
                .maxAge(kept)
                .build();
        return ResponseEntity.status(303)
                .header(HttpHeaders.LOCATION, request.getContextPath() + path)
                .header(HttpHeaders.SET_COOKIE, cookie.toString())
                .build();
    }
}
