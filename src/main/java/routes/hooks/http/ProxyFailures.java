package routes.hooks.http;

import java.io.IOException;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import routes.net.Proxy;

/** What fails on its way through a proxy says so: it may be the proxy that is away or that answers. */
final class ProxyFailures implements ExecChainHandler {

    /** An attempt failed that went through a proxy. The cause says how. */
    static final class ThroughProxyException extends IOException {

        private static final long serialVersionUID = 1;

        private final String proxy;

        private ThroughProxyException(Proxy proxy, IOException cause) {
            super(cause);
            this.proxy = proxy.toString();
        }

        /** Without its password. */
        String proxy() {
            return proxy;
        }
    }

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        try {
            return chain.proceed(request, scope);
        } catch (ForbiddenException e) {
            throw e; // not sent
        } catch (IOException e) {
            Call call = Call.of(scope.clientContext);
            throw call.proxy() == null ? e : new ThroughProxyException(call.proxy(), e);
        }
    }
}
