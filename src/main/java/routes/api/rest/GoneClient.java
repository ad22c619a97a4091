package routes.api.rest;

import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;

/**
 * Gives requests a way to see that their client has closed the connection while they are served; the servlet API tells
 * it only to who writes. To be asked on the request's own thread, and after its body was read.
 */
final class GoneClient extends ValveBase {

    private static final String ATTRIBUTE = GoneClient.class.getName();

    GoneClient() {
        super(true);
    }

    static boolean isGone(ServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof BooleanSupplier gone && gone.getAsBoolean();
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        org.apache.coyote.Request connection = request.getCoyoteRequest();
        request.setAttribute(ATTRIBUTE, (BooleanSupplier) () -> isAtEnd(connection));
        getNext().invoke(request, response);
    }

    /**
     * At the end of input Tomcat says that there is some, each time it is asked, so that who reads it gets the
     * exception. The client's next request, which stays in Tomcat's buffer, it tells of only once.
     */
    private static boolean isAtEnd(org.apache.coyote.Request connection) {
        boolean once = hasInput(connection);
        return once && hasInput(connection);
    }

    /** Looks for input without waiting. */
    private static boolean hasInput(org.apache.coyote.Request connection) {
        connection.action(ActionCode.AVAILABLE, Boolean.TRUE);
        return connection.getAvailable() > 0;
    }
}
