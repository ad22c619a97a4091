package routes.hooks.http;

import org.apache.camel.Message;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.protocol.HttpContext;
import routes.net.HttpUrl;
import routes.net.Proxy;
import routes.net.ProxyEnvironment;

/**
 * Where one request goes, for whom and through what. It travels through camel-http in headers that end in the client:
 * camel-http itself only sees {@code http://hook}, so it can't change a byte of the address, where every {@code ~}
 * would become {@code %7E}, nor refuse a host with an underscore.
 *
 * @param author who wrote the hook
 * @param proxy null to call directly
 * @param ownProxy whether the hook says so, that there is none included, and not the environment
 */
record Call(HttpUrl url, Author author, Proxy proxy, boolean ownProxy) {

    static final String NO_PROXY = "none";
    private static final String URL = "Opsbus-Request-Url";
    private static final String AUTHOR = "Opsbus-Request-Author";
    private static final String PROXY = "Opsbus-Request-Proxy";

    /** @param proxy the hook's own: {@code none}, a url, or "" for what the environment says */
    static void write(Message message, HttpUrl url, Author author, String proxy) {
        message.setHeader(URL, url.withoutUserInfo());
        message.setHeader(AUTHOR, author.name());
        if (!proxy.isEmpty()) {
            message.setHeader(PROXY, proxy);
        }
    }

    /**
     * Takes the call out of a request's headers and keeps it in the context of its execution.
     *
     * @throws BadUrlException when the hook's own proxy can't be used
     */
    static Call read(HttpRequest request, HttpContext context, ProxyEnvironment environment) throws ProtocolException {
        Header url = request.getFirstHeader(URL);
        Header author = request.getFirstHeader(AUTHOR);
        if (url == null || author == null) {
            throw new ProtocolException("only route http-post sends through this client");
        }
        Header proxy = request.getFirstHeader(PROXY);
        Call call = of(
                HttpUrl.parse(url.getValue()),
                Author.valueOf(author.getValue()),
                proxy == null ? "" : proxy.getValue(),
                environment);
        for (String header : new String[] {URL, AUTHOR, PROXY}) {
            request.removeHeaders(header);
        }
        context.setAttribute(Call.class.getName(), call);
        return call;
    }

    private static Call of(HttpUrl url, Author author, String proxy, ProxyEnvironment environment) {
        if (proxy.isEmpty()) {
            return new Call(
                    url,
                    author,
                    environment.proxyFor(url.scheme(), url.host(), url.port()).orElse(null),
                    false);
        }
        Proxy own = proxy.equals(NO_PROXY)
                ? null
                : Proxy.parse(proxy)
                        .orElseThrow(
                                () -> new BadUrlException("options.proxy is neither none nor an http or https url"));
        return new Call(url, author, own, true);
    }

    static Call of(HttpContext context) {
        return (Call) context.getAttribute(Call.class.getName());
    }
}
