package routes.api.server;

import jakarta.servlet.ServletException;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;

/**
 * Ends the connection of a client whose body nobody wanted, instead of reading the rest of it, which costs a thread for
 * as long as the client likes. What is there already is taken, since a client whose bytes stay unread may never see its
 * answer.
 */
final class UnreadBodies extends ValveBase {

    private static final int MOST = 64 * 1024;

    UnreadBodies() {
        super(true);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        getNext().invoke(request, response);
        if (request.isAsync() || request.getCoyoteRequest().isFinished()) {
            return;
        }
        response.finishResponse();
        if (!takes(request)) {
            request.getCoyoteRequest().action(ActionCode.DISABLE_SWALLOW_INPUT, null);
        }
    }

    /** Whether that was all. Chunks have ends that may be waited for. */
    private static boolean takes(Request request) throws IOException {
        if (request.getContentLengthLong() > MOST
                || request.getContentLengthLong() < 0
                || request.getCoyoteRequest().hasExpectation()) {
            return false;
        }
        byte[] there = new byte[4096];
        while (!request.getCoyoteRequest().isFinished()
                && request.getStream().available() > 0
                && request.getStream().read(there) > 0) {
            // nobody wants it
        }
        return request.getCoyoteRequest().isFinished();
    }
}
