package routes.api.events;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.springframework.web.HttpRequestHandler;
import routes.api.rest.Answer;
import routes.api.rest.ApiException;
import routes.api.rest.ApiRequest;

/**
 * Operation {@code streamEvents}, {@code GET /api/v1/events/{subjectPattern}/stream}. Not a route of the REST DSL like
 * the others, since platform-http keeps a thread for as long as a request takes.
 */
final class TailDoor implements HttpRequestHandler {

    private static final String METHODS = "GET, OPTIONS";

    private final EventTail tail;

    TailDoor(EventTail tail) {
        this.tail = tail;
    }

    @Override
    public void handleRequest(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            if (request.getMethod().equals("OPTIONS")) {
                response.setHeader("Allow", METHODS);
                return;
            }
            if (!request.getMethod().equals("GET")) {
                throw new ApiException(405, "a stream of events can only be read: send GET");
            }
            ApiRequest asked = ApiRequest.of(request);
            TailPattern pattern = new TailPattern(EventFilter.pattern(asked.path(1)));
            tail.open(request, response, pattern, EventFilter.of(asked), lastId(asked));
        } catch (ApiException e) {
            send(
                    e.status() == 405
                            ? new Answer(405, e.getMessage(), null, Map.of("Allow", METHODS))
                            : Answer.failed(e.status(), e.getMessage()),
                    response);
        } catch (IOException e) {
            send(Answer.away(e.getMessage()), response);
        }
    }

    /** The header, which browsers keep up to date, before the parameter, for clients that can't set headers. */
    private static Long lastId(ApiRequest asked) {
        String header = asked.header("Last-Event-ID");
        String id = header == null || header.isEmpty() ? asked.query("last_event_id") : header;
        if (id == null) {
            return null;
        }
        try {
            long sequence = Long.parseLong(id);
            if (sequence >= 0) {
                return sequence;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw ApiException.bad("Last-Event-ID is \"" + id
                + "\"; send the id of the last event you have, a whole number, or none for new events only");
    }

    private static void send(Answer answer, HttpServletResponse response) throws IOException {
        byte[] body = answer.json();
        response.setStatus(answer.status());
        answer.headers().forEach(response::setHeader);
        response.setContentType(Answer.CONTENT_TYPE);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
