package routes.api.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import org.springframework.http.HttpHeaders;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authorization.AuthorityAuthorizationDecision;
import org.springframework.security.authorization.AuthorizationDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.csrf.CsrfException;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import routes.api.rest.Answer;
import routes.api.rest.OddRequests;

/**
 * What those get who are not let in: the API's form of an answer, or the way to the login page for a person's browser.
 */
final class Refusals implements AuthenticationEntryPoint, AccessDeniedHandler, RequestRejectedHandler {

    /** What a browser may do with an answer, here as everywhere. */
    static final String POLICY =
            "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'; style-src 'self'";

    private static final int LONGEST_REASON = 200;

    static void send(Answer answer, HttpServletResponse response) throws IOException {
        response.setStatus(answer.status());
        answer.headers().forEach(response::setHeader);
        response.setHeader("X-Content-Type-Options", "nosniff"); // where Spring's headers are not written, too
        response.setHeader("Content-Security-Policy", POLICY);
        response.setContentType(Answer.CONTENT_TYPE);
        response.getOutputStream().write(answer.json());
    }

    /** No or an unknown token. */
    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException ignored)
            throws IOException {
        Answer why = TokenFilter.refusal(request);
        if (why.status() == 401 && isPage(request)) {
            response.setStatus(HttpServletResponse.SC_FOUND);
            response.setHeader(
                    HttpHeaders.LOCATION,
                    LoginPage.addressFor(request)); // relative: behind a proxy opsbus knows neither host nor scheme
            return;
        }
        if (why.status() == 401) {
            response.setHeader(
                    HttpHeaders.WWW_AUTHENTICATE,
                    "Bearer"); // not Basic: a browser would keep the token and send it with other people's requests
        }
        send(why, response);
    }

    /** A known token that does not allow this, or a request that a page of somebody else's may have made. */
    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, AccessDeniedException denied)
            throws IOException {
        send(
                Answer.failed(
                        403,
                        denied instanceof CsrfException
                                ? "a browser must send the value of the cookie XSRF-TOKEN as header X-XSRF-TOKEN, too; reload the page"
                                : missing(denied)),
                response);
    }

    private static String missing(AccessDeniedException denied) {
        String name = SecurityContextHolder.getContext().getAuthentication().getName();
        if (denied instanceof AuthorizationDeniedException decided
                && decided.getAuthorizationResult() instanceof AuthorityAuthorizationDecision needed) {
            String role = needed.getAuthorities()
                    .iterator()
                    .next()
                    .getAuthority()
                    .replaceFirst("^ROLE_", "")
                    .toLowerCase(Locale.ROOT);
            return "this needs the role " + role + ", which the token \"" + name + "\" does not have";
        }
        return "nobody may do this";
    }

    /** What no honest client sends, such as an encoded slash. */
    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, RequestRejectedException rejected)
            throws IOException {
        String message = String.valueOf(rejected.getMessage());
        String reason = message.length() > LONGEST_REASON ? message.substring(0, LONGEST_REASON) + "…" : message;
        OddRequests.say("firewall", request.getRemoteAddr(), 400, reason);
        send(Answer.failed(400, reason), response);
    }

    private static boolean isPage(HttpServletRequest request) {
        String accept = request.getHeader(HttpHeaders.ACCEPT);
        return request.getMethod().equals("GET")
                && accept != null
                && accept.contains("text/html")
                && !request.getRequestURI().startsWith(request.getContextPath() + "/api/");
    }
}
