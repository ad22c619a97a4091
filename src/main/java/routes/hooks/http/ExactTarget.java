package routes.hooks.http;

import java.io.IOException;

import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;

/**
 * Puts path and query on the wire as the hook wrote them. On its way through camel-http every {@code ~} becomes
 * {@code %7E}, which breaks urls that are signed as text; so they travel in a header that ends here.
 */
final class ExactTarget implements ExecChainHandler {

    static final String HEADER = "Opsbus-Request-Target";

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        Header target = request.getFirstHeader(HEADER);
        if (target != null) {
            request.removeHeaders(HEADER);
            request.setPath(target.getValue());
        }
        return chain.proceed(request, scope);
    }
}
