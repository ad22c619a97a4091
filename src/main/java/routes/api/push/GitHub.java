package routes.api.push;

import java.util.stream.Stream;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import routes.api.rest.ApiException;
import routes.api.rest.ApiRequest;

/**
 * GitHub's webhooks. GitHub can't send a token; the signature of the body is what proves it, so nothing is taken
 * without.
 *
 * @see <a href="https://docs.github.com/en/webhooks/webhook-events-and-payloads">GitHub: webhook events and
 *     payloads</a>
 */
@Component
final class GitHub implements PushSource {

    static final String NAME = "github";

    private final String secret;

    GitHub(GitHubProperties properties) {
        this.secret = properties.secret();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Stream<Pushed> events(ApiRequest request) {
        if (secret.isEmpty()) {
            throw new ApiException(
                    403,
                    "webhooks of GitHub are not taken, because no secret is configured to check them with; set opsbus.push.github.secret"
                            + " (OPSBUS_PUSH_GITHUB_SECRET) and the same secret in GitHub's settings of the webhook");
        }
        new GitHubSignature(secret).check(request.header("X-Hub-Signature-256"), request.body());
        if (request.contentType().equals(MediaType.APPLICATION_FORM_URLENCODED_VALUE)) {
            throw new ApiException(
                    415,
                    "the body is a form; choose Content type application/json in GitHub's settings of the webhook");
        }
        GitHubEvent event = new GitHubEvent(header(request, "X-GitHub-Event"), request.json());
        return Stream.of(event.pushed(header(request, "X-GitHub-Delivery")));
    }

    private static String header(ApiRequest request, String name) {
        String value = request.header(name);
        if (value == null || value.isBlank()) {
            throw ApiException.bad("the header " + name + " is missing; GitHub sends it");
        }
        return value;
    }
}
