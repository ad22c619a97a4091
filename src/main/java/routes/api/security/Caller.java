package routes.api.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.EnumSet;
import java.util.Set;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContextHolder;

/** Who asks: a token's name and roles. */
public final class Caller extends AbstractAuthenticationToken {

    private static final long serialVersionUID = 1;

    /** How the token came. */
    enum By {
        /** A program sets it by purpose. */
        BEARER,
        /** A program, or a browser that keeps it and sends it unasked. */
        BASIC,
        /** A browser sends it unasked. */
        COOKIE,
        /** Nobody needs a token. */
        NOTHING
    }

    private final String name;
    private final Set<Role> roles;
    private final By by;
    /**
     * Whether the request can't have been made by a page of somebody else's; the CSRF token proves it for others, on
     * methods that change something.
     */
    private final boolean meant;

    private Caller(String name, Set<Role> roles, By by, boolean meant) {
        super(AuthorityUtils.createAuthorityList(
                roles.stream().map(Role::authority).toArray(String[]::new)));
        this.name = name;
        this.roles = roles;
        this.by = by;
        this.meant = meant;
        setAuthenticated(true);
    }

    static Caller of(Token token, By by, boolean safeMethod) {
        return new Caller(token.name(), token.roles(), by, by == By.BEARER || !safeMethod);
    }

    /** Everybody, when no token is needed. */
    static Caller anyone(boolean safeMethod) {
        return new Caller("anyone", EnumSet.allOf(Role.class), By.NOTHING, !safeMethod);
    }

    By by() {
        return by;
    }

    Set<Role> roles() {
        return roles;
    }

    /**
     * Whether the request of this thread may change how opsbus runs: a GET that a browser sends unasked may not,
     * whatever its roles.
     */
    public static boolean mayOperate() {
        Authentication now = SecurityContextHolder.getContext().getAuthentication();
        return now instanceof Caller caller && caller.meant && caller.roles.contains(Role.OPERATE);
    }

    /** Whether whoever made the request has role operate: enough to be shown more, not to change anything. */
    public static boolean isOperator(HttpServletRequest request) {
        return request.getUserPrincipal() instanceof Caller caller && caller.roles.contains(Role.OPERATE);
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public Object getPrincipal() {
        return name;
    }

    /** @return null: nothing needs the token's text any more */
    @Override
    public Object getCredentials() {
        return null;
    }
}
