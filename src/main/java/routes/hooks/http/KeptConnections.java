package routes.hooks.http;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.util.TimeValue;

/**
 * Which endpoints keep connections open. Before a connection is used again the client listens for a millisecond whether
 * it was closed, since an endpoint that closes after each answer would else cost every second attempt. Who has kept
 * them for some answers in a row is only asked so after a pause.
 */
final class KeptConnections implements ExecChainHandler {

    private static final int ANSWERS_IN_A_ROW = 20;
    private static final int MOST_HOSTS = 10_000;
    /** Servers that close idle connections do so after five seconds and more. */
    static final TimeValue PAUSE = TimeValue.ofSeconds(1);

    private final Map<HttpHost, Integer> answers = new ConcurrentHashMap<>();

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        HttpHost host = firstHop(scope.route);
        try {
            ClassicHttpResponse response = chain.proceed(request, scope);
            answered(host);
            return response;
        } catch (IOException | RuntimeException e) {
            answers.remove(host);
            throw e;
        }
    }

    private void answered(HttpHost host) {
        Integer before = answers.get(host);
        if (before == null || before < ANSWERS_IN_A_ROW) {
            if (answers.size() >= MOST_HOSTS) {
                answers.clear();
            }
            answers.merge(host, 1, Integer::sum);
        }
    }

    /** A new connection: the others may be closed. */
    void opened(HttpHost host) {
        answers.remove(host);
    }

    boolean keeps(HttpRoute route) {
        return answers.getOrDefault(firstHop(route), 0) >= ANSWERS_IN_A_ROW;
    }

    private static HttpHost firstHop(HttpRoute route) {
        return route.getProxyHost() == null ? route.getTargetHost() : route.getProxyHost();
    }
}
