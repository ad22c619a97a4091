package routes.api.rest;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;

/**
 * A request to the API. Its body is for the operation alone, by {@link RequestBody}: to all others it has none. Camel
 * would send it back with an error.
 */
final class ApiServletRequest extends BufferedRequest {

    private final List<String> methods;

    /** @param methods that its path takes */
    ApiServletRequest(HttpServletRequest request, List<String> methods) {
        super(request, new byte[0]);
        this.methods = methods;
    }

    /** Of a HEAD, as if it were GET: who answers writes the same, of which Tomcat leaves out the body. */
    @Override
    public String getMethod() {
        String method = super.getMethod();
        return method.equals("HEAD") && methods.contains(method) ? "GET" : method;
    }

    /** Only as a header; Camel would send it back with an error. */
    @Override
    public String getContentType() {
        return null;
    }
}
