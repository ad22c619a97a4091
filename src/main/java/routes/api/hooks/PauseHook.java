package routes.api.hooks;

import java.io.IOException;
import org.springframework.stereotype.Component;
import routes.api.rest.Answer;
import routes.api.rest.ApiException;
import routes.api.rest.ApiOperation;
import routes.api.rest.ApiRequest;
import routes.hooks.HookControl;
import routes.hooks.UnknownHookException;

/** Operation {@code pauseHook}. */
@Component("pauseHook")
public final class PauseHook extends ApiOperation {

    private final HookControl control;

    public PauseHook(HookControl control) {
        this.control = control;
    }

    @Override
    protected Answer answer(ApiRequest request) throws IOException {
        try {
            control.pause(id(request));
            return Answer.ok(null);
        } catch (UnknownHookException e) {
            throw ApiException.notFound(e.getMessage());
        }
    }

    /** Of {@code hooks/{namespace}/{name}/…}. */
    static String id(ApiRequest request) {
        return request.path(1) + "/" + request.path(2);
    }
}
