package routes.api.push;

import java.util.Locale;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import routes.api.rest.ApiException;
import routes.api.rest.ApiRequest;
import routes.event.Subject;
import routes.nats.NatsBus;

/** Operation {@code postEvent}: an event, or more, on the subject that the path says. */
@Component("postEvent")
final class PostEvent extends PushOperation {

    private static final String NODES = "nodes.";

    private final String cluster;

    PostEvent(NatsBus bus, @Value("${opsbus.cluster}") String cluster) {
        super(bus);
        this.cluster = cluster;
    }

    @Override
    Push push(ApiRequest request) {
        String subject = subject(request.path(1), request.path(3));
        mustBePublishable(subject);
        return new PushedBody(request, subject, clusterOf(subject)).read();
    }

    private String subject(String namespace, String event) {
        String lower = event.toLowerCase(Locale.ROOT);
        if (Subject.isOps(lower)) {
            return lower;
        }
        if (lower.startsWith(NODES)) {
            return Subject.inCluster(cluster, ofNode(lower));
        }
        String token = namespace.toLowerCase(Locale.ROOT);
        if (!token.equals(Subject.token(token))) {
            throw ApiException.bad(
                    "the namespace \"" + namespace
                            + "\" is none: a name has no dot, wildcard, white space or control character, and at most 253 bytes");
        }
        return Subject.inCluster(cluster, "namespaces." + token + "." + lower);
    }

    /** {@code nodes.ip-10-0-0-1.ec2.internal.events}: a name is one token, as when Kubernetes tells of the node. */
    private static String ofNode(String event) {
        int observation = event.lastIndexOf('.');
        return observation < NODES.length()
                ? event
                : NODES + event.substring(NODES.length(), observation).replace('.', '_') + event.substring(observation);
    }

    /** As it is configured, unless the subject names another one. */
    private String clusterOf(String subject) {
        return Subject.cluster(subject)
                .filter(named -> !named.equals(Subject.token(cluster)))
                .orElse(cluster);
    }
}
