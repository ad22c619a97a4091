package routes.api.security;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.valves.ErrorReportValve;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.HttpRequestHandler;
import routes.api.rest.Answer;
import routes.api.rest.OddRequests;

/**
 * Errors of the container and of the framework, in the API's form: no HTML, no stack trace. By its name it is at
 * {@code /error}. No annotated handler: Spring would not call that one after a request that went on asynchronously.
 */
@Component("/error")
final class ErrorAnswers
        implements ErrorController, HttpRequestHandler, WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

    @Override
    public void handleRequest(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Object status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
        Refusals.send(of(status instanceof Integer code ? code : 404, request.getMethod()), response);
    }

    @Override
    public void customize(TomcatServletWebServerFactory tomcat) {
        tomcat.addContextCustomizers(context ->
                ((StandardHost) context.getParent()).setErrorReportValveClass(BeforeAnyServlet.class.getName()));
    }

    private static Answer of(int status, String method) {
        HttpStatus known = HttpStatus.resolve(status);
        boolean notUnderstood = status == 501
                || status == 505; // so says Tomcat; it is the client's doing like all else that is malformed
        return Answer.failed(
                notUnderstood ? 400 : status,
                switch (status) {
                    case 501 -> "this method or Transfer-Encoding is none that opsbus knows";
                    case 505 -> "this version of HTTP is none that opsbus knows; it speaks HTTP/1.1";
                    case 404 -> "there is nothing at this address";
                    case 405 -> "this address does not take " + method;
                    case 500 -> "opsbus could not do this; its log says why";
                    default ->
                        known == null
                                ? "the request failed"
                                : known.getReasonPhrase().toLowerCase(Locale.ROOT);
                });
    }

    /** What Tomcat refuses by itself, such as a request line that is none. Tomcat makes it by name. */
    public static final class BeforeAnyServlet extends ErrorReportValve {

        @Override
        protected void report(Request request, Response response, Throwable thrown) {
            int status = response.getStatus();
            if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
                return;
            }
            try {
                Answer answer = of(status, String.valueOf(request.getMethod()));
                OddRequests.say("tomcat", request.getRemoteAddr(), answer.status(), answer.message());
                Refusals.send(answer, response);
                response.finishResponse();
            } catch (IOException e) {
                container.getLogger().debug("a client left before its error", e);
            }
        }
    }
}
