package routes.api;

import org.jolokia.server.core.request.JolokiaRequest;
import org.jolokia.server.core.service.request.AbstractRequestHandler;

/**
 * In front of Jolokia's own handlers, what {@link JolokiaAccess} does not list by its type: Jolokia asks no restrictor about notifications, whose registrations it keeps for
 * ever. Named in {@code META-INF/jolokia/services}.
 */
public final class NoNotifications extends AbstractRequestHandler {

    private static final String PROVIDER = "opsbus";

    /** @param order called by Jolokia with what the file says */
    public NoNotifications(int order) {
        super(PROVIDER, order);
    }

    @Override
    public boolean canHandle(JolokiaRequest request) {
        return !JolokiaAccess.TYPES.contains(request.getType());
    }

    @Override
    public <R extends JolokiaRequest> Object handleRequest(R request, Object previous) {
        throw new SecurityException("requests of type " + request.getType().getName() + " are not allowed");
    }
}
