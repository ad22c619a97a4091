package routes.hooks.http;

import java.time.Duration;
import java.util.List;

/** The hooks' HTTP client as it is, for tests of other packages: in no hurry, and allowed everywhere. */
public final class OpenDoor {

    private OpenDoor() {}

    public static HookHttpClient client() {
        EgressRule anywhere = EgressRule.offline(new EgressSettings(List.of("*"), List.of()));
        return new HookHttpClient(
                new HttpSettings(Duration.ofSeconds(20), Duration.ofSeconds(20), 16),
                anywhere,
                new HookTls(HttpTlsSettings.NONE, anywhere));
    }
}
