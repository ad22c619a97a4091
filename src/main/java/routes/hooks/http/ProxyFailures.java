package routes.hooks.http;

import java.io.IOException;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;

/** What fails on its way through a proxy says so: it may be the proxy that is away or that answers. */
final class ProxyFailures implements ExecChainHandler {

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
