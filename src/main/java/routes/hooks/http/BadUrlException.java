package routes.hooks.http;

/** A hook's url that can't be called. The message never repeats it: urls hold keys. */
public final class BadUrlException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    public BadUrlException(String why) {
        super(why);
    }
}
