package routes.api.push;

import java.util.stream.Stream;
import org.springframework.stereotype.Component;
import routes.api.rest.ApiRequest;

/**
 * The webhook of Prometheus Alertmanager: one event for each alert of the group, firing or resolved.
 *
 * @see <a href="https://prometheus.io/docs/alerting/latest/configuration/#webhook_config">Alertmanager:
 *     webhook_config</a>
 */
@Component
final class Alertmanager implements PushSource {

    static final String NAME = "alertmanager";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Stream<Pushed> events(ApiRequest request) {
        return new AlertGroup(name(), request.json()).events();
    }
}
