package routes.api.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.web.filter.OncePerRequestFilter;
import routes.api.rest.Answer;

/**
 * Reads who asks from the request's token, anew for each: there are no sessions. What the caller may do is decided
 * behind it.
 */
final class TokenFilter extends OncePerRequestFilter {

    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");
    private static final String REFUSAL = TokenFilter.class.getName() + ".refusal";

    private final Tokens tokens;
    private final WrongTokens wrong;

    /** @param tokens null: nobody needs one */
    TokenFilter(Tokens tokens, WrongTokens wrong) {
        this.tokens = tokens;
        this.wrong = wrong;
    }

    /** Why this request has no caller. */
    static Answer refusal(HttpServletRequest request) {
        return request.getAttribute(REFUSAL) instanceof Answer why
                ? why
                : Answer.failed(401, "this needs a token: Authorization: Bearer TOKEN, or log in at /login");
    }

    static boolean isSafe(HttpServletRequest request) {
        return SAFE.contains(request.getMethod());
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Caller caller = caller(request);
        if (caller == null) {
            chain.doFilter(request, response);
            return;
        }
        SecurityContextHolder.setContext(new SecurityContextImpl(caller));
        chain.doFilter(new KnownRequest(request, caller), response);
    }

    private Caller caller(HttpServletRequest request) {
        if (tokens == null) {
            return Caller.anyone(isSafe(request));
        }
        Presented presented = presented(request);
        if (presented == null) {
            return null;
        }
        try {
            Token token = tokens.find(presented.text);
            if (token != null) {
                return Caller.of(token, presented.by, isSafe(request));
            }
            request.setAttribute(
                    REFUSAL,
                    wrong.another(
                            request.getRemoteAddr(),
                            "this token is not known here; it came as "
                                    + presented.by.name().toLowerCase(Locale.ROOT)));
        } catch (IOException e) {
            request.setAttribute(REFUSAL, Answer.away(e.getMessage()));
        }
        return null;
    }

    private record Presented(String text, Caller.By by) {}

    /** A header counts alone, whatever cookies say; null when there is no token. */
    private static Presented presented(HttpServletRequest request) {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (header != null) {
            return fromHeader(header.strip());
        }
        Cookie[] cookies = request.getCookies();
        if (cookies != null) {
            for (Cookie cookie : cookies) {
                if (cookie.getName().equals(Token.COOKIE) && !cookie.getValue().isEmpty()) {
                    return new Presented(cookie.getValue(), Caller.By.COOKIE);
                }
            }
        }
        return null;
    }

    private static Presented fromHeader(String header) {
        int space = header.indexOf(' ');
        String scheme = space < 0 ? "" : header.substring(0, space);
        String value = header.substring(space + 1).strip();
        if (scheme.equalsIgnoreCase("Basic")) {
            return new Presented(password(value), Caller.By.BASIC);
        }
        return new Presented(scheme.equalsIgnoreCase("Bearer") ? value : "", Caller.By.BEARER);
    }

    /** The token is the password; the user may be anything. Empty, which is no token, when it can't be read. */
    private static String password(String base64) {
        try {
            String login = new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
            return login.substring(login.indexOf(':') + 1);
        } catch (IllegalArgumentException notBase64) {
            return "";
        }
    }
}
