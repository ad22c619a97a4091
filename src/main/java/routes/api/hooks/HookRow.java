package routes.api.hooks;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import routes.hooks.HookState;
import routes.hooks.sources.CamelRouteState;
import routes.hooks.spec.EventHook;
import routes.hooks.spec.Keywords;

/** A hook as the API shows it: schema {@code Hook} of openapi.yaml. */
final class HookRow {

    private HookRow() {}

    /** @param toOperator whether what an endpoint answered is shown too */
    static ObjectNode of(HookState state, boolean toOperator) {
        EventHook hook = state.hook();
        int slash = state.id().indexOf('/');
        ObjectNode row = JsonNodeFactory.instance
                .objectNode()
                .put("id", state.id())
                .put("namespace", state.isHook() ? state.id().substring(0, slash) : null)
                .put("name", state.isHook() ? state.id().substring(slash + 1) : null)
                .put("type", hook == null ? null : hook.type())
                .put("subject", hook == null ? null : hook.subject())
                .put("url", state.url());
        row.set("keywords", hook == null ? null : keywords(hook.keywords()));
        return row.put("source", state.source().toString())
                .put("accepted", state.accepted())
                .put("problem", state.problem())
                .put("paused", state.paused() == null ? null : state.paused().toString())
                .put("matched", state.matched())
                .put("delivered", state.delivered())
                .put("pending", state.pending())
                .put("dead", state.dead())
                .put(
                        "failing_since",
                        state.failingSince() == null
                                ? null
                                : state.failingSince().toString())
                .put(
                        "last_error",
                        state.lastFailure() == null ? null : state.lastFailure().text(toOperator));
    }

    /** Schema {@code Route}. */
    static ObjectNode of(CamelRouteState route) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", route.id())
                .put("source", route.source())
                .put("description", route.description())
                .put("status", route.status().toLowerCase(Locale.ROOT))
                .put("exchanges", route.exchanges())
                .put("completed", route.completed())
                .put("failed", route.failed())
                .put("inflight", route.inflight());
    }

    private static ObjectNode keywords(Keywords keywords) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        keywords.include().forEach(node.putArray("include")::add);
        keywords.exclude().forEach(node.putArray("exclude")::add);
        return node.put("matchMode", keywords.matchMode().name())
                .put("matchType", keywords.matchType().name());
    }
}
