package routes.hooks.http;

import java.util.Optional;

import org.apache.camel.Message;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.protocol.HttpContext;
import routes.net.HttpUrl;
import routes.net.Proxy;
import routes.net.ProxyEnvironment;

/**
 * Where one request goes, for whom and through what. It travels through camel-http in headers that end in the client: camel-http itself
 * only sees {@code http://hook}, so it can't change a byte of the address, where every {@code ~} would become {@code %7E}, nor refuse a host
 * with an underscore.
 *
 * @param author who wrote the hook
 * @param proxy  the hook's own: {@code none}, a url, or "" for what the environment says
 */
record Call(HttpUrl url, Author author, String proxy) {

    static final String NO_PROXY = "none";
    private static final String URL = "Opsbus-Request-Url";
    private static final String AUTHOR = "Opsbus-Request-Author";
    private static final String PROXY = "Opsbus-Request-Proxy";

    void writeTo(Message message) {
        message.setHeader(URL, url.withoutUserInfo());
        message.setHeader(AUTHOR, author.name());
        if (!proxy.isEmpty()) {
            message.setHeader(PROXY, proxy);
        }
    }

    /** Takes the call out of a request's headers and keeps it in the context of its execution. */
    static Call read(HttpRequest request, HttpContext context) throws ProtocolException {
        Header url = request.getFirstHeader(URL);
        Header author = request.getFirstHeader(AUTHOR);
        if (url == null || author == null) {
            throw new ProtocolException("only route http-post sends through this client");
        }
        Header proxy = request.getFirstHeader(PROXY);
        Call call = new Call(HttpUrl.parse(url.getValue()), Author.valueOf(author.getValue()), proxy == null ? "" : proxy.getValue());
        for (String header : new String[] {URL, AUTHOR, PROXY}) {
            request.removeHeaders(header);
        }
        context.setAttribute(Call.class.getName(), call);
        return call;
    }

    static Call of(HttpContext context) {
        return (Call) context.getAttribute(Call.class.getName());
    }

    boolean hasOwnProxy() {
        return !proxy.isEmpty() && !proxy.equals(NO_PROXY);
    }

    /** @throws BadUrlException when the hook's own can't be used */
    Optional<Proxy> through(ProxyEnvironment environment) {
        if (hasOwnProxy()) {
            return Optional.of(Proxy.parse(proxy).orElseThrow(() -> new BadUrlException("options.proxy is neither none nor an http or https url")));
        }
        return proxy.isEmpty() ? environment.proxyFor(url.scheme(), url.host(), url.port()) : Optional.empty();
    }
}
