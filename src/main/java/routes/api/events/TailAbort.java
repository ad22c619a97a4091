package routes.api.events;

import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;

/**
 * Gives requests a way to close their connection at once. The servlet API has none: to complete a response Tomcat first
 * writes what is left of it, and waits up to 20 s on one of its threads for a client that does not read.
 */
final class TailAbort extends ValveBase {

    private static final String ATTRIBUTE = TailAbort.class.getName();

    TailAbort() {
        super(true);
    }

    static Runnable of(ServletRequest request) {
        return (Runnable) request.getAttribute(ATTRIBUTE);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        org.apache.coyote.Response connection = response.getCoyoteResponse();
        request.setAttribute(ATTRIBUTE, (Runnable) () -> connection.action(ActionCode.CLOSE_NOW, null));
        getNext().invoke(request, response);
    }
}
