package routes.api.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.stereotype.Component;

/** Operation {@code me}: whose token this is, and what it allows. */
@Component("me")
public final class Me extends ApiOperation {

    private static final String PREFIX = "ROLE_";

    @Override
    protected Answer answer(ApiRequest request) {
        Authentication who = (Authentication) request.servletRequest().getUserPrincipal();
        ObjectNode me = JsonNodeFactory.instance.objectNode().put("name", who == null ? "anyone" : who.getName());
        ArrayNode roles = me.putArray("roles");
        if (who != null) {
            who.getAuthorities().stream()
                    .map(GrantedAuthority::getAuthority)
                    .filter(role -> role.startsWith(PREFIX))
                    .map(role -> role.substring(PREFIX.length()).toLowerCase(java.util.Locale.ROOT))
                    .sorted()
                    .forEach(roles::add);
        }
        return Answer.ok(me);
    }
}
