package routes.api.rest;

/**
 * A request that can't be answered as it is: the HTTP status, and for the person who sent it what is wrong and how to
 * mend it.
 */
public final class ApiException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int status;

    public ApiException(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    public static ApiException bad(String message) {
        return new ApiException(400, message);
    }

    public static ApiException notFound(String message) {
        return new ApiException(404, message);
    }

    public int status() {
        return status;
    }
}
