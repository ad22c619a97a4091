package routes.api.hooks;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.springframework.stereotype.Component;
import routes.api.rest.Answer;
import routes.api.rest.ApiOperation;
import routes.api.rest.ApiRequest;
import routes.api.security.Caller;
import routes.hooks.HookState;
import routes.hooks.HookStates;

/** Operation {@code listHooks}: all hooks with their state, on one page, and the plain Camel routes beside them. */
@Component("listHooks")
public final class ListHooks extends ApiOperation {

    private final HookStates states;

    public ListHooks(HookStates states) {
        this.states = states;
    }

    @Override
    protected Answer answer(ApiRequest request) {
        List<HookState> hooks = states.list();
        ObjectNode page = JsonNodeFactory.instance
                .objectNode()
                .put("page_size", hooks.size())
                .put("page", 1)
                .put("total", hooks.size())
                .put("total_exact", true)
                .putNull("next_cursor");
        if (hooks.isEmpty()) {
            page.putNull("list");
        } else {
            ArrayNode list = page.putArray("list");
            boolean toOperator = Caller.isOperator(request.servletRequest());
            hooks.forEach(hook -> list.add(HookRow.of(hook, toOperator)));
        }
        ArrayNode routes = page.putArray("routes");
        states.routes().forEach(route -> routes.add(HookRow.of(route)));
        return Answer.ok(page);
    }
}
