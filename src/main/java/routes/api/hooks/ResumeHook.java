package routes.api.hooks;

import java.io.IOException;
import org.springframework.stereotype.Component;
import routes.api.rest.Answer;
import routes.api.rest.ApiException;
import routes.api.rest.ApiOperation;
import routes.api.rest.ApiRequest;
import routes.hooks.HookControl;
import routes.hooks.PausedByAuthorException;
import routes.hooks.UnknownHookException;

/** Operation {@code resumeHook}. */
@Component("resumeHook")
public final class ResumeHook extends ApiOperation {

    private static final int CONFLICT = 409;

    private final HookControl control;

    public ResumeHook(HookControl control) {
        this.control = control;
    }

    @Override
    protected Answer answer(ApiRequest request) throws IOException {
        try {
            control.resume(PauseHook.id(request));
            return Answer.ok(null);
        } catch (UnknownHookException e) {
            throw ApiException.notFound(e.getMessage());
        } catch (PausedByAuthorException e) {
            throw new ApiException(CONFLICT, e.getMessage());
        }
    }
}
