package routes.api.rest;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A request to the API. Its body is read once, by {@link Body}, up to a limit; to all others it has none: the container would read a form for a parameter, Camel would
 * copy any size to disk, and both would send it back with an error. Parameters are those of the query.
 */
final class ApiServletRequest extends HttpServletRequestWrapper {

    private final Map<String, String[]> parameters;

    ApiServletRequest(HttpServletRequest request, long maxBody) {
        super(request);
        this.parameters = query(request.getQueryString());
        setAttribute(Body.class.getName(), new Body(request, maxBody));
    }

    /** The body of a request, read when somebody asks for it. */
    record Body(HttpServletRequest request, long most) {

        /** Null for a request that the API's filter did not see. */
        static Body of(HttpServletRequest request) {
            return (Body) request.getAttribute(Body.class.getName());
        }

        /** @throws ApiException when it is larger than allowed, or does not arrive whole */
        byte[] read() {
            byte[] read;
            try {
                read = request.getContentLengthLong() > most ? null : request.getInputStream().readNBytes((int) most + 1);
            } catch (IOException e) {
                throw ApiException.bad("the body did not arrive whole");
            }
            if (read == null || read.length > most) {
                throw new ApiException(413, "the body is larger than " + most + " bytes; send less at a time, or set opsbus.api.max-body");
            }
            return read;
        }
    }

    /** The parameters of a query by name, the first of each; what is not encoded well stays as it is. */
    private static Map<String, String[]> query(String query) {
        Map<String, String[]> parameters = new LinkedHashMap<>();
        for (String pair : query == null ? new String[0] : query.split("&")) {
            String[] parts = pair.split("=", 2);
            parameters.putIfAbsent(decoded(parts[0]), new String[] {parts.length < 2 ? "" : decoded(parts[1])});
        }
        return Collections.unmodifiableMap(parameters);
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return text;
        }
    }

    @Override
    public String getParameter(String name) {
        String[] values = parameters.get(name);
        return values == null ? null : values[0];
    }

    @Override
    public String[] getParameterValues(String name) {
        return parameters.get(name);
    }

    @Override
    public Map<String, String[]> getParameterMap() {
        return parameters;
    }

    @Override
    public Enumeration<String> getParameterNames() {
        return Collections.enumeration(parameters.keySet());
    }

    /** Only as a header; Camel would send it back with an error. */
    @Override
    public String getContentType() {
        return null;
    }

    @Override
    public ServletInputStream getInputStream() {
        return new NoBody();
    }

    @Override
    public BufferedReader getReader() {
        return new BufferedReader(Reader.nullReader());
    }

    private static final class NoBody extends ServletInputStream {

        @Override
        public int read() {
            return -1;
        }

        @Override
        public boolean isFinished() {
            return true;
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setReadListener(ReadListener listener) {
            throw new IllegalStateException("nobody reads the API's bodies in pieces");
        }
    }
}
