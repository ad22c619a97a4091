package routes.api.push;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;
import routes.api.events.PushedEvents.Pushed;
import routes.api.events.PushedEvents;
import routes.api.rest.Answer;
import routes.api.rest.ApiException;
import routes.api.rest.ApiOperation;
import routes.api.rest.ApiRequest;
import routes.event.OpsEvent;
import routes.event.Subject;

/** Operation {@code postNotification}: an event on the subject of a notification. */
@Component("postNotification")
final class PostNotification extends ApiOperation {

    private final PushedEvents pushed;

    PostNotification(PushedEvents pushed) {
        this.pushed = pushed;
    }

    @Override
    protected Answer answer(ApiRequest request) throws IOException {
        String subject = Subject.ofNotification(name(request, 1, "provider"), name(request, 2, "channel"), name(request, 3, "severity"));
        JsonNode data = request.json();
        if (!data.isObject()) {
            throw ApiException.bad("the body is no JSON object; send one, it becomes the data of the event");
        }
        String id = Optional.ofNullable(request.header("Idempotency-Key")).orElseGet(() -> UUID.randomUUID().toString());
        OpsEvent event = OpsEvent.of(id, data.path("type").asText(OpsEvent.DEFAULT_TYPE), subject, null, OffsetDateTime.now(ZoneOffset.UTC), data);
        return pushed.store(List.of(new Pushed(event, subject + "/" + id)), false);
    }

    /** A name that is a token of a subject as it is, but for its case. */
    private static String name(ApiRequest request, int segment, String what) {
        String name = request.path(segment);
        if (name.isEmpty()) {
            throw ApiException.bad("the " + what + " in the path is empty; write /api/v1/notifications/{provider}/{channel}/{severity}");
        }
        if (!Subject.token(name).equals(name.toLowerCase(Locale.ROOT))) {
            throw ApiException.bad("the " + what + " in the path can't be a part of a subject: no dot, *, >, white space or control character, and at most 253 bytes. "
                    + Subject.token(name) + " would do");
        }
        return name;
    }
}
