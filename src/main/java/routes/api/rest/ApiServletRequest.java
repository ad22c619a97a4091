package routes.api.rest;

import jakarta.servlet.http.HttpServletRequest;

/** A request to the API. Its body is for the operation alone, by {@link RequestBody}: to all others it has none. Camel would send it back with an error. */
final class ApiServletRequest extends BufferedRequest {

    ApiServletRequest(HttpServletRequest request) {
        super(request, new byte[0]);
    }

    /** Only as a header; Camel would send it back with an error. */
    @Override
    public String getContentType() {
        return null;
    }
}
