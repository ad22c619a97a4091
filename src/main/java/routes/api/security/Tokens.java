package routes.api.security;

import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;

/** The tokens that open opsbus. */
final class Tokens {

    private final Supplier<String> trouble;
    private volatile List<Token> known;

    Tokens(List<Token> known) {
        this.known = known;
        this.trouble = () -> "";
    }

    /** Not known yet. @param trouble why not, for people */
    Tokens(Supplier<String> trouble) {
        this.trouble = trouble;
    }

    void know(List<Token> tokens) {
        known = List.copyOf(tokens);
    }

    /**
     * The token with this text, or null. Compares with all of them, so that time tells nothing.
     *
     * @throws IOException when they can't be known yet
     */
    Token find(String text) throws IOException {
        List<Token> now = known;
        if (now == null) {
            throw new IOException("opsbus keeps its tokens in NATS, and can't read them yet: " + trouble.get());
        }
        String hash = Token.hash(text);
        Token found = null;
        for (Token token : now) {
            if (token.hasHash(hash)) {
                found = token;
            }
        }
        return found;
    }
}
