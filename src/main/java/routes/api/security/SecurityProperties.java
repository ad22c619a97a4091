package routes.api.security;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may do what over HTTP.
 *
 * @param enabled false: everybody may do everything
 * @param tokens the tokens that count; none: one that allows everything is made at the first start, and its hash kept
 *     in NATS
 * @param pushPerSecond pushes a second that each token may make; as many may come at once
 */
@ConfigurationProperties("opsbus.security")
public record SecurityProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue List<Configured> tokens,
        @DefaultValue("5000") int pushPerSecond) {

    /**
     * A token of the configuration.
     *
     * @param name whose it is: in answers and in the log
     * @param token its text: letters, digits and {@code . _ ~ + / = -}, at least 16 of them
     */
    public record Configured(
            @DefaultValue("admin") String name,
            String token,
            @DefaultValue({"read", "push", "operate"}) Set<Role> roles) {

        // what every header and cookie carries unchanged
        private static final Pattern TEXT = Pattern.compile("[A-Za-z0-9._~+/=-]{16,}");
        private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

        public Configured {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        "the name of a token is 1 to 64 letters, digits, dots, dashes and underscores");
            }
            if (token == null || !TEXT.matcher(token).matches()) {
                throw new IllegalArgumentException("the token \"" + name
                        + "\" must be at least 16 letters, digits and . _ ~ + / = - (make one: openssl rand -hex 24)");
            }
            if (roles.isEmpty()) {
                throw new IllegalArgumentException(
                        "the token \"" + name + "\" has no role; give it some of read, push, operate");
            }
        }
    }

    public SecurityProperties {
        Set<String> names = new HashSet<>();
        for (Configured token : tokens) {
            if (!names.add(token.name)) {
                throw new IllegalArgumentException(
                        "two tokens have the name \"" + token.name + "\"; give each its own");
            }
        }
        if (pushPerSecond < 1) {
            throw new IllegalArgumentException("push-per-second must be 1 or more");
        }
    }

    List<Token> configured() {
        return tokens.stream()
                .map(token -> Token.of(token.name, token.token, EnumSet.copyOf(token.roles)))
                .toList();
    }
}
