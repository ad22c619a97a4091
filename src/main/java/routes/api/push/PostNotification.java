package routes.api.push;

import java.util.Locale;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import routes.api.rest.ApiException;
import routes.api.rest.ApiRequest;
import routes.event.Subject;
import routes.nats.NatsBus;

/** Operation {@code postNotification}: an event on the subject of a notification. */
@Component("postNotification")
final class PostNotification extends PushOperation {

    private final String cluster;

    PostNotification(NatsBus bus, @Value("${opsbus.cluster}") String cluster) {
        super(bus);
        this.cluster = cluster;
    }

    @Override
    Push push(ApiRequest request) {
        String subject = Subject.ofNotification(
                name(request, 1, "provider"), name(request, 2, "channel"), name(request, 3, "severity"));
        return new PushedBody(request, subject, cluster).read();
    }

    /** A name that is a token of a subject as it is, but for its case. */
    private static String name(ApiRequest request, int segment, String what) {
        String name = request.path(segment);
        if (name.isEmpty()) {
            throw ApiException.bad("the " + what
                    + " in the path is empty; write /api/v1/notifications/{provider}/{channel}/{severity}");
        }
        if (!Subject.token(name).equals(name.toLowerCase(Locale.ROOT))) {
            throw ApiException.bad("the " + what
                    + " in the path can't be a part of a subject: no dot, *, >, white space or control character, and at most 253 bytes. "
                    + Subject.token(name) + " would do");
        }
        return name;
    }
}
