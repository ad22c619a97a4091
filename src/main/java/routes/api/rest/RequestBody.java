package routes.api.rest;

import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.InetAddress;

/**
 * The body of a request, of whatever kind and path: the one place where it is read from the client's connection. It is
 * bounded, and read once, when the token has been looked at. Who lets a thread wait for it needs a place among
 * {@link BodyPlaces}.
 */
public final class RequestBody {

    private static final byte[] NONE = {};

    private final HttpServletRequest request;
    private final int most;
    private final boolean toApi;
    private final BodyPlaces places;
    private byte[] read;

    private RequestBody(HttpServletRequest request, boolean toApi, int most, BodyPlaces places) {
        this.toApi = toApi;
        this.request = request;
        this.most = most;
        this.places = places;
    }

    /** To be read later, by {@link #of}. @param most bytes */
    static void keep(HttpServletRequest request, boolean toApi, int most, BodyPlaces places) {
        request.setAttribute(RequestBody.class.getName(), new RequestBody(request, toApi, most, places));
    }

    /** Null for a request that {@link ApiFilter} did not see. */
    public static RequestBody of(HttpServletRequest request) {
        return (RequestBody) request.getAttribute(RequestBody.class.getName());
    }

    public static boolean isIn(HttpServletRequest request) {
        return request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null;
    }

    /** The request with its body, once it is read; one to the API gives it to the operation only. */
    public HttpServletRequest in(HttpServletRequest wrapped) {
        return toApi ? wrapped : new BufferedRequest(wrapped, read);
    }

    /**
     * Reads it the first time it is asked for, of a request that may come in.
     *
     * @throws ApiException 413 when it is larger than allowed, 400 when it does not arrive whole and in time, 503 when
     *     too many of the client's are waited for
     */
    public byte[] read() {
        if (read != null) {
            return read;
        }
        if (!isIn(request)) {
            read = NONE;
            return read;
        }
        long length = request.getContentLengthLong();
        if (length > most) {
            throw tooLarge();
        }
        try {
            ServletInputStream in = request.getInputStream();
            boolean arrived = length >= 0 && in.available() >= length;
            read = arrived ? in.readNBytes((int) length) : awaited(in);
        } catch (IOException e) {
            throw ApiException.bad("the body did not arrive whole, or not in time (opsbus.server.request-timeout)");
        }
        if (read.length > most) {
            read = null;
            throw tooLarge();
        }
        return read;
    }

    private byte[] awaited(ServletInputStream in) throws IOException {
        InetAddress from = InetAddress.getByName(request.getRemoteAddr()); // a literal
        if (!places.take(from)) {
            throw new ApiException(
                    503,
                    "too many bodies of your address are still on their way (opsbus.server.bodies-per-address); send them faster, or fewer at a time");
        }
        try {
            return in.readNBytes(most + 1);
        } finally {
            places.leave(from);
        }
    }

    private ApiException tooLarge() {
        return new ApiException(
                413, "the body is larger than " + most + " bytes; send less at a time, or set opsbus.api.max-body");
    }
}
