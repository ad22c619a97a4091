package routes.api;

import java.lang.management.ManagementFactory;
import javax.management.ObjectName;
import org.jolokia.server.core.request.JolokiaReadRequest;
import org.jolokia.server.core.request.JolokiaRequest;
import org.jolokia.server.core.service.request.AbstractRequestHandler;

/**
 * In front of Jolokia's own handlers, what these let past {@link JolokiaAccess}: notifications, about which they don't
 * ask and whose registrations they keep for ever, and patterns, whose answers name MBeans that are hidden. Named in
 * {@code META-INF/jolokia/services}.
 */
public final class JolokiaDoor extends AbstractRequestHandler {

    private static final String PROVIDER = "opsbus";

    /** @param order called by Jolokia with what the file says */
    public JolokiaDoor(int order) {
        super(PROVIDER, order);
    }

    /** What this takes it refuses. */
    @Override
    public boolean canHandle(JolokiaRequest request) {
        return !JolokiaAccess.TYPES.contains(request.getType())
                || request instanceof JolokiaReadRequest read && showsHidden(read.getObjectName());
    }

    private static boolean showsHidden(ObjectName name) {
        return name != null
                && name.isPattern()
                && ManagementFactory.getPlatformMBeanServer().queryNames(name, null).stream()
                        .anyMatch(JolokiaAccess::isHidden);
    }

    @Override
    public <R extends JolokiaRequest> Object handleRequest(R request, Object previous) {
        throw new SecurityException("this is not allowed over Jolokia, or not for this token");
    }
}
