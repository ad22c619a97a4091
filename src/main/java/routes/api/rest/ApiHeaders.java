package routes.api.rest;

import java.util.Locale;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.http.base.HttpHeaderFilterStrategy;
import org.springframework.http.HttpHeaders;

/**
 * No header or parameter of a client becomes one of Camel's: operations ask the request itself, and nothing of it comes
 * back with an error. Other routes get them, without what Camel reads as its own, and without the client's token: a
 * step that calls another server would send it there.
 */
final class ApiHeaders extends HttpHeaderFilterStrategy {

    private static final Set<String> OF_THE_CLIENT = Set.of("authorization", "cookie", "x-xsrf-token");

    @Override
    public boolean applyFilterToExternalHeaders(String name, Object value, Exchange exchange) {
        return isOfTheApi(exchange)
                || OF_THE_CLIENT.contains(name.toLowerCase(Locale.ROOT))
                || super.applyFilterToExternalHeaders(name, value, exchange);
    }

    /**
     * Camel itself leaves out the length of an answer, which is then sent in chunks: with twice the calls and packets.
     */
    @Override
    public boolean applyFilterToCamelHeaders(String name, Object value, Exchange exchange) {
        return !(name.equals(HttpHeaders.CONTENT_LENGTH) && isOfTheApi(exchange))
                && super.applyFilterToCamelHeaders(name, value, exchange);
    }

    private static boolean isOfTheApi(Exchange exchange) {
        return !(exchange.getFromEndpoint() instanceof PlatformHttpEndpoint endpoint)
                || HttpPath.problem(HttpPath.of(endpoint.getPath(), endpoint.isMatchOnUriPrefix()))
                        .isPresent();
    }
}
