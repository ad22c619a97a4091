package routes.hooks.http;

import org.apache.camel.Exchange;

/** Who wrote a hook, and so how far it may reach. */
public enum Author {

    /**
     * The operator, in a file; also whatever else sends through route http-post, since only an operator's own routes
     * and Kamelets can.
     */
    OPERATOR,
    /** Somebody who may write custom resources in some namespace. */
    RESOURCE;

    private static final String PROPERTY = "opsbus-author";

    /** Notes it where neither options nor anything from the wire gets. */
    public void writeTo(Exchange exchange) {
        exchange.setProperty(PROPERTY, this);
    }

    static Author of(Exchange exchange) {
        return exchange.getProperty(PROPERTY, OPERATOR, Author.class);
    }
}
