package routes.hooks.http;

import java.io.IOException;
import routes.net.Proxy;

/** An attempt failed that went through a proxy. The cause says how. */
final class ThroughProxyException extends IOException {

    private static final long serialVersionUID = 1;

    private final String proxy;

    ThroughProxyException(Proxy proxy, IOException cause) {
        super(cause);
        this.proxy = proxy.toString();
    }

    /** Without its password. */
    String proxy() {
        return proxy;
    }
}
