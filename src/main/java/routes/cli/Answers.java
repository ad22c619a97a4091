package routes.cli;

import java.util.List;
import routes.event.OpsEvent;
import routes.hooks.DryRun;
import routes.hooks.spec.EventHook;

/** How the answers about one event are written. */
interface Answers {

    record Line(EventHook hook, DryRun.Answer answer) {}

    void write(OpsEvent event, List<Line> lines);
}
