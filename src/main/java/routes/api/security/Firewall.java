package routes.api.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import org.springframework.security.web.firewall.FirewalledRequest;
import org.springframework.security.web.firewall.StrictHttpFirewall;

/**
 * Spring Security's firewall, which looks at headers only when they are read: too late for an answer, when Camel does
 * it.
 */
final class Firewall extends StrictHttpFirewall {

    Firewall() {
        setAllowedParameterNames(name -> true); // read by name, so strange ones do no harm
        setAllowedHeaderNames(Firewall::isPrintable);
        setAllowedHeaderValues(Firewall::isPrintable);
    }

    /** As the default, which is an expression that takes a tenth of a push's time. */
    private static boolean isPrintable(String text) {
        return text.codePoints().allMatch(c -> Character.isDefined(c) && !Character.isISOControl(c));
    }

    @Override
    public FirewalledRequest getFirewalledRequest(HttpServletRequest request) {
        FirewalledRequest checked = super.getFirewalledRequest(request);
        for (String name : Collections.list(checked.getHeaderNames())) {
            Collections.list(checked.getHeaders(name));
        }
        return checked;
    }
}
