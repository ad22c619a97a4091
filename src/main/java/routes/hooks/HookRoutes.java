package routes.hooks;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.ModelCamelContext;
import routes.hooks.spec.EventHook;
import routes.hooks.spec.HookEndpoint;
import routes.hooks.spec.HookType;
import routes.hooks.spec.Keywords;
import routes.hooks.spec.MatchMode;

/**
 * The dynamic routes: one for each hook, {@code hook:{namespace}/{name}} in group {@code hooks}, which hands over to
 * the Kamelet of the hook's type. Hooks of a type whose template takes no parameters share one instance of it.
 */
final class HookRoutes {

    static final String GROUP = "hooks";
    private static final long PATIENCE_MS = 250;
    /** Characters in a route's description: hooks by the thousand have them in memory. */
    private static final int MOST_OF_KEYWORDS = 200;

    private final ModelCamelContext camel;

    HookRoutes(CamelContext camel) {
        this.camel = (ModelCamelContext) camel;
    }

    /** Adds many at once, which costs Camel a third of adding them one by one. None of them may take parameters. */
    void addShared(Collection<Hook> hooks) throws Exception {
        add(List.copyOf(hooks));
    }

    /** @throws Exception when Camel refuses the hook's endpoint or parameters; no route is left behind */
    void add(Hook hook) throws Exception {
        try {
            add(List.of(hook));
        } catch (Exception e) {
            remove(List.of(hook));
            throw e;
        }
    }

    private void add(List<Hook> hooks) throws Exception {
        camel.addRoutes(new RouteBuilder(camel) {
            @Override
            public void configure() {
                for (Hook hook : hooks) {
                    from(direct(hook))
                            .routeId(hook.routeId())
                            .group(GROUP)
                            .description(description(hook.spec()))
                            .errorHandler(noErrorHandler())
                            .to(kamelet(hook));
                }
            }
        });
        for (Hook hook : hooks) {
            hook.routeStands(camel.getRoute(hook.routeId()));
        }
    }

    /** Says in Hawtio what an edited hook, whose route stays, wants now. */
    void describe(Hook hook) {
        Route route = camel.getRoute(hook.routeId());
        if (route != null) {
            route.getProperties().put(Route.DESCRIPTION_PROPERTY, description(hook.spec()));
            camel.getRouteDefinition(hook.routeId()).setDescription(description(hook.spec()));
        }
    }

    /** The hook's clause in words. */
    static String description(EventHook hook) {
        Keywords keywords = hook.keywords();
        StringBuilder words = new StringBuilder(hook.type()).append(" on ").append(hook.subject());
        String verb = switch (keywords.matchType()) {
            case CONTAINS -> "contains ";
            case EXACT -> "is ";
            case REGEX -> "matches ";
        };
        if (!keywords.include().isEmpty()) {
            words.append(" when the text ")
                    .append(verb)
                    .append(keywords.matchMode() == MatchMode.ALL ? "all of " : "any of ")
                    .append(listed(keywords.include()));
        }
        if (!keywords.exclude().isEmpty()) {
            words.append(keywords.include().isEmpty() ? " when the text " + verb : " and ")
                    .append("none of ")
                    .append(listed(keywords.exclude()));
        }
        return words.toString();
    }

    private static String listed(List<String> keywords) {
        String all = String.join(" | ", keywords);
        return all.length() <= MOST_OF_KEYWORDS ? all : all.substring(0, MOST_OF_KEYWORDS) + "...";
    }

    /** An attempt that is under way ends in its worker's own time. */
    void remove(Collection<Hook> hooks) throws Exception {
        Set<String> ids = new HashSet<>();
        for (Hook hook : hooks) {
            hook.routeIsGone();
            ids.add(hook.routeId());
            if (!shares(hook.type())) {
                ids.add(instance(hook));
            }
        }
        removeRoutes(ids);
    }

    /** Forgets a type, so that its Kamelet is read anew by the next hook that needs it. */
    void forgetType(String type) throws Exception {
        removeRoutes(Set.of("type-" + type));
        camel.removeEndpoints("kamelet:" + type + "/*");
        camel.removeRouteTemplates(type);
    }

    private void removeRoutes(Set<String> ids) throws Exception {
        if (camel instanceof HookCamelContext many) {
            many.removeRoutes(ids, PATIENCE_MS);
            return;
        }
        for (String id : ids) { // a dry run's
            if (camel.getRoute(id) != null) {
                camel.getRouteController().stopRoute(id, 1, TimeUnit.SECONDS, false);
                camel.removeRoute(id);
            }
        }
    }

    static boolean shares(HookType type) {
        return type.parameters().isEmpty();
    }

    private static String direct(Hook hook) {
        return "direct:" + hook.routeId() + "?block=false";
    }

    /**
     * A hook's own by the hook, whatever the type: names of types may hold all that could stand between the two, and a
     * namespace holds no dot.
     */
    static String instance(Hook hook) {
        return shares(hook.type())
                ? "type-" + hook.type().name()
                : "hook-" + hook.id().replace('/', '.');
    }

    private static String kamelet(Hook hook) {
        String parameters = hook.type().parameters().stream()
                .filter(name -> isGiven(hook, name))
                .map(name -> name + "=RAW(" + value(hook, name) + ")")
                .collect(Collectors.joining("&"));
        return "kamelet:" + hook.type().name() + "/" + instance(hook) + (parameters.isEmpty() ? "" : "?" + parameters);
    }

    /** Else the Kamelet's own default holds, which is not the author's and may be anything. */
    private static boolean isGiven(Hook hook, String parameter) {
        HookType.Property property = hook.type().properties().get(parameter);
        return parameter.equals("url")
                || parameter.equals("additional")
                || property == null
                || property.defaultValue() == null
                || hook.spec().options().containsKey(parameter);
    }

    /** SpecFields let nothing through that Camel would read as more than text. */
    private static String value(Hook hook, String parameter) {
        return switch (parameter) {
            case "url" ->
                hook.type().url() == HookType.UrlKind.ENDPOINT
                        ? endpoint(hook)
                        : hook.spec().url();
            case "additional" -> hook.spec().additional();
            default -> hook.spec().options().getOrDefault(parameter, "");
        };
    }

    private static String endpoint(Hook hook) {
        try {
            return HookEndpoint.parse(hook.spec().url()).uri();
        } catch (HookEndpoint.Refused e) {
            throw new IllegalStateException("a hook that was read has an endpoint that can't be", e);
        }
    }
}
