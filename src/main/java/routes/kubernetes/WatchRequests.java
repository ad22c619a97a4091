package routes.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Asks for each watch for a minute only, instead of fabric8's ten: an API server ends it then by itself, and the next
 * one goes on from its last word. So a watch that outlives its time is known to be dead, also where nothing happens and
 * no bookmarks come: events have none on most API servers. Counts them.
 */
final class WatchRequests implements Interceptor {

    /** How long a watch is asked for. */
    static final Duration TIME = Duration.ofSeconds(60);

    static final String NAME = "opsbus-watches";
    private static final Pattern TIMEOUT = Pattern.compile("(?<=[?&]timeoutSeconds=)\\d+");
    private static final Pattern BEFORE_ENDPOINT = Pattern.compile("^.*/apis?/");

    private final Map<String, Long> sent = new ConcurrentHashMap<>();

    /** Those of a client that {@link KubernetesAccess} made, for another's: none that are ever counted. */
    static WatchRequests of(KubernetesClient client) {
        return client.getConfiguration().getAdditionalProperties().get(NAME) instanceof WatchRequests requests
                ? requests
                : new WatchRequests();
    }

    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
        URI uri = request.uri();
        String query = uri.getRawQuery();
        if (query != null && query.contains("watch=true")) {
            sent.merge(BEFORE_ENDPOINT.matcher(uri.getPath()).replaceFirst(""), 1L, Long::sum);
            builder.uri(URI.create(TIMEOUT.matcher(uri.toString()).replaceFirst(Long.toString(TIME.toSeconds()))));
        }
    }

    /** How many were sent, of all watches of an endpoint such as {@code events.k8s.io/v1/namespaces/shop/events}. */
    long sent(String endpoint) {
        return sent.getOrDefault(endpoint, 0L);
    }
}
