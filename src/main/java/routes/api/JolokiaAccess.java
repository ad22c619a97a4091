package routes.api;

import java.util.Set;
import javax.management.ObjectName;
import org.jolokia.server.core.service.api.Restrictor;
import org.jolokia.server.core.util.HttpMethod;
import org.jolokia.server.core.util.RequestType;
import org.springframework.stereotype.Component;
import routes.api.security.Caller;

/**
 * What the console may do over JMX: read Camel and the JVM, and with the role operate see routes' sources and
 * endpoints, start, stop, suspend and resume routes, pause and resume hooks and replay dead letters. Nothing else:
 * MBeans of a JVM can otherwise load code and write files.
 */
@Component
final class JolokiaAccess implements Restrictor {

    private static final String CAMEL = "org.apache.camel";
    private static final Set<String> READABLE = Set.of(CAMEL, "java.lang");
    /** Of the JVM, what may hold a token: what it was started with. */
    private static final Set<String> SECRET = Set.of("SystemProperties", "InputArguments");
    /**
     * Of Camel, what shows whole addresses of hooks' endpoints, keys in them included; the rest shows routes by name.
     */
    private static final Set<String> ADDRESSES = Set.of("endpoints", "producers", "processors");

    static final Set<RequestType> TYPES =
            Set.of(RequestType.READ, RequestType.LIST, RequestType.SEARCH, RequestType.VERSION, RequestType.EXEC);
    private static final Set<String> ROUTE_OPERATIONS = Set.of("start", "stop", "suspend", "resume");
    private static final Set<String> HOOK_OPERATIONS = Set.of("pause", "resume", "replay");

    @Override
    public boolean isHttpMethodAllowed(HttpMethod method) {
        return method == HttpMethod.GET || method == HttpMethod.POST;
    }

    @Override
    public boolean isTypeAllowed(RequestType type) {
        return TYPES.contains(type);
    }

    @Override
    public boolean isAttributeReadAllowed(ObjectName name, String attribute) {
        return READABLE.contains(name.getDomain())
                && !SECRET.contains(attribute)
                && (!showsAddresses(name) || Caller.mayOperate());
    }

    @Override
    public boolean isAttributeWriteAllowed(ObjectName name, String attribute) {
        return false;
    }

    @Override
    public boolean isOperationAllowed(ObjectName name, String operation) {
        if (!name.getDomain().equals(CAMEL)) {
            return false;
        }
        int signature = operation.indexOf('(');
        String method = signature < 0 ? operation : operation.substring(0, signature);
        String type = name.getKeyProperty("type");
        boolean changes = "routes".equals(type) && ROUTE_OPERATIONS.contains(method)
                || "opsbus".equals(type) && HOOK_OPERATIONS.contains(method);
        return (changes || method.startsWith("dump")) && Caller.mayOperate(); // a dump has the addresses
    }

    private static boolean showsAddresses(ObjectName name) {
        return name.getDomain().equals(CAMEL)
                && name.getKeyProperty("type") != null
                && ADDRESSES.contains(name.getKeyProperty("type"));
    }

    @Override
    public boolean isRemoteAccessAllowed(String... hostOrAddress) {
        return true;
    }

    /** No page of another origin gets an answer; the console's own requests are not the ones asked about here. */
    @Override
    public boolean isOriginAllowed(String origin, boolean onlyWhenStrictCheckingIsEnabled) {
        return onlyWhenStrictCheckingIsEnabled;
    }

    @Override
    public boolean isObjectNameHidden(ObjectName name) {
        return isHidden(name);
    }

    static boolean isHidden(ObjectName name) {
        return !READABLE.contains(name.getDomain()) || showsAddresses(name) && !Caller.mayOperate();
    }
}
