package routes.hooks.http;

import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.routing.HttpRoutePlanner;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.protocol.HttpContext;
import routes.net.Proxy;
import routes.net.ProxyEnvironment;

/** The way of each call: directly, or through a proxy, for https in a tunnel. */
final class CallRoutes implements HttpRoutePlanner {

    private final ProxyEnvironment environment;

    CallRoutes(ProxyEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public HttpRoute determineRoute(HttpHost unused, HttpRequest request, HttpContext context) throws HttpException {
        Call call = Call.read(request, context, environment);
        HttpHost target =
                new HttpHost(call.url().scheme(), call.url().host(), call.url().portOrDefault());
        Proxy proxy = call.proxy();
        boolean secure = call.url().isSecure();
        return proxy == null
                ? new HttpRoute(target, null, secure)
                : new HttpRoute(target, null, new HttpHost(proxy.scheme(), proxy.host(), proxy.port()), secure);
    }

    @Override
    public HttpRoute determineRoute(HttpHost target, HttpContext context) throws HttpException {
        throw new ProtocolException("a route needs the request");
    }
}
