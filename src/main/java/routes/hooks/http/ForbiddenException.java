package routes.hooks.http;

import java.io.IOException;

/** A hook may not send where it would; the message names the property. */
final class ForbiddenException extends IOException {

    private static final long serialVersionUID = 1;

    ForbiddenException(String why) {
        super(why);
    }
}
