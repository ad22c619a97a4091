package routes.api.rest;

import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpHeaderFilterStrategy;
import org.springframework.stereotype.Component;

/** No header or parameter of a client becomes one of Camel's: operations ask the request itself, and nothing of it comes back with an error. */
@Component("apiHeaders")
final class ApiHeaders extends HttpHeaderFilterStrategy {

    @Override
    public boolean applyFilterToExternalHeaders(String name, Object value, Exchange exchange) {
        return true;
    }
}
