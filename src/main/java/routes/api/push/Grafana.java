package routes.api.push;

import java.util.stream.Stream;
import org.springframework.stereotype.Component;
import routes.api.rest.ApiRequest;

/**
 * The webhook contact point of Grafana alerting: Alertmanager's form, with values, and links to where they are seen.
 *
 * @see <a
 *     href="https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/">Grafana:
 *     webhook notifier</a>
 */
@Component
final class Grafana implements PushSource {

    static final String NAME = "grafana";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Stream<Pushed> events(ApiRequest request) {
        return new AlertGroup(name(), request.json()).events();
    }
}
