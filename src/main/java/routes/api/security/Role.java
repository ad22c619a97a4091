package routes.api.security;

import java.util.Locale;

/** What a token allows; none includes another. */
public enum Role {

    /** Ask and watch. */
    READ,
    /** Publish events. */
    PUSH,
    /** Pause and resume hooks, replay and discard dead letters, and what else changes how opsbus runs. */
    OPERATE;

    /** As people write it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** In Spring Security's form. */
    String authority() {
        return "ROLE_" + name();
    }
}
