package routes.api.security;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;

/**
 * A token that opens opsbus; its text is nowhere kept.
 *
 * @param name whose it is, for people
 * @param sha256 SHA-256 of its text in UTF-8, as lower case hexadecimal digits
 */
record Token(String name, String sha256, Set<Role> roles) {

    /** Where a browser keeps its text. */
    static final String COOKIE = "opstoken";

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int RANDOM_BYTES = 24;

    Token {
        roles = Collections.unmodifiableSet(EnumSet.copyOf(roles));
    }

    static Token of(String name, String text, Set<Role> roles) {
        return new Token(name, hash(text), roles);
    }

    /** A new text that nobody can guess. */
    static String random() {
        byte[] bytes = new byte[RANDOM_BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static String hash(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("a Java without SHA-256", e);
        }
    }

    /** In the same time whether and wherever they differ. */
    boolean hasHash(String hash) {
        return MessageDigest.isEqual(
                sha256.getBytes(StandardCharsets.US_ASCII), hash.getBytes(StandardCharsets.US_ASCII));
    }
}
