package routes.hooks.http;

/** A chat API answered 200 with an error code in the body. */
public final class ChatRefusedException extends Exception {

    private static final long serialVersionUID = 1;

    private final String code;

    public ChatRefusedException(String code, String message) {
        super(message);
        this.code = code;
    }

    public String code() {
        return code;
    }
}
