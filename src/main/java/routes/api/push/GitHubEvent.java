package routes.api.push;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import routes.api.rest.ApiException;

/** One delivery of a webhook. There are some seventy events, so it is read by what they have in common. */
final class GitHubEvent {

    private static final Set<String> FAILURES = Set.of("failure", "error", "timed_out", "startup_failure");
    private static final Set<String> FOUND = Set.of("created", "reopened", "appeared_in_branch", "publicly_leaked");
    private static final Set<String> SCANS = Set.of("code_scanning_alert", "dependabot_alert");

    private final String name;
    private final JsonNode body;
    private final JsonNode thing;
    private final String action;
    private final String state;

    /**
     * @param name as in {@code X-GitHub-Event}
     * @throws ApiException when the body is no object
     */
    GitHubEvent(String name, JsonNode body) {
        if (!body.isObject()) {
            throw ApiException.bad("the body is no JSON object; GitHub sends one for each event");
        }
        this.name = name;
        this.body = body;
        this.thing = thing();
        this.action = text(body, "action");
        this.state = first(text(thing, "conclusion"), text(thing, "state"), text(body, "state"));
    }

    /** What the event is about: the workflow run, the pull request, … */
    private JsonNode thing() {
        return Stream.of(name, "pull_request", "issue", "discussion", "alert", "head_commit", "deployment")
                .map(body::path)
                .filter(JsonNode::isObject)
                .findFirst()
                .orElse(MissingNode.getInstance());
    }

    Pushed pushed(String delivery) {
        String severity = severity();
        String repository = first(
                text(body.path("repository"), "full_name"),
                text(body.path("organization"), "login"),
                text(body.path("sender"), "login"));
        Notice notice = new Notice(
                severity.equals("info") ? Notice.NORMAL : Notice.WARNING,
                action.isEmpty() ? name : name + "." + action,
                OffsetDateTime.now(ZoneOffset.UTC),
                "github",
                message(),
                labels(repository),
                Map.of("url", url()),
                Map.of("payload", body));
        return notice.pushed("github/" + delivery, Notice.subject("github", repository, severity), null);
    }

    private String severity() {
        if (name.equals("secret_scanning_alert") && FOUND.contains(action)) {
            return "critical";
        }
        return FAILURES.contains(state) || SCANS.contains(name) && FOUND.contains(action) ? "warning" : "info";
    }

    private Map<String, String> labels(String repository) {
        Map<String, String> lines = new LinkedHashMap<>();
        lines.put("repository", repository);
        lines.put("event", name);
        lines.put("action", action);
        lines.put("state", state);
        lines.put(
                "branch", first(text(thing, "head_branch"), text(body, "ref").replaceFirst("^refs/(heads|tags)/", "")));
        lines.put("by", text(body.path("sender"), "login"));
        return lines;
    }

    private String message() {
        String title = Stream.of("title", "name", "display_title", "tag_name", "message")
                .map(member -> text(thing, member))
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElseGet(() -> first(
                        text(thing.path("security_advisory"), "summary"),
                        text(thing.path("rule"), "description"),
                        text(body, "context"),
                        text(body, "zen")));
        return title.lines().findFirst().orElse("");
    }

    private String url() {
        return first(
                text(thing, "html_url"),
                text(body, "compare"),
                text(body, "target_url"),
                text(body.path("repository"), "html_url"));
    }

    private static String first(String... texts) {
        return List.of(texts).stream()
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse("");
    }

    private static String text(JsonNode parent, String member) {
        return parent.path(member).isTextual() ? parent.path(member).textValue() : "";
    }
}
