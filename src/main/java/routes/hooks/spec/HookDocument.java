package routes.hooks.spec;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.nodes.Node;

/** One document of kind EventHooks. All its problems are reported, not only the first. */
final class HookDocument {

    static final String API_VERSION = "crd.chenshaowen.com/v1";
    private static final String KIND = "EventHooks";
    private static final Set<String> KEYS = Set.of("apiVersion", "kind", "metadata", "spec", "status");

    /** RFC 1123, as Kubernetes wants names: these become parts of NATS subjects and route ids. */
    private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";

    private static final Pattern NAMESPACE = Pattern.compile("(?=.{1,63}$)" + LABEL);
    private static final Pattern NAME = Pattern.compile("(?=.{1,253}$)" + LABEL + "(\\." + LABEL + ")*");

    private final Node node;
    private final Fields document;
    private final Source source;
    private final HookTypes types;
    private final EndpointRules rules;
    private String namespace;
    private String name;

    HookDocument(Node node, Fields document, Source source, HookTypes types, EndpointRules rules) {
        this.node = node;
        this.document = document;
        this.source = source;
        this.types = types;
        this.rules = rules;
    }

    /** Who the document is about, null when its metadata does not say. */
    String id() {
        return name == null || namespace == null ? null : EventHook.id(namespace, name);
    }

    /** The hook; without meaning when a problem was reported. */
    Optional<EventHook> read() {
        Optional<String> kind = document.string("kind");
        if (kind.filter("Kamelet"::equals).isPresent()) {
            document.report(
                    "kind",
                    "a Kamelet is a hook type; move it to types/ in this folder, in a file named "
                            + "{name}.kamelet.yaml");
            return Optional.empty();
        }
        readMetadata();
        document.requireExactly("apiVersion", API_VERSION);
        if (!document.requireExactly("kind", KIND)) {
            return Optional.empty();
        }
        document.allowOnly(KEYS, key -> Suggestion.among(KEYS, key));
        if (document.value("spec").isEmpty()) {
            document.report("spec", "is required, with type, subject and url");
        }
        return document.mapping("spec")
                .map(fields -> new SpecFields(fields, source, types, rules).read(namespace, name, source.origin(node)));
    }

    private void readMetadata() {
        if (document.value("metadata").isEmpty()) {
            document.report("metadata", "is required, with a name");
        }
        document.mapping("metadata").ifPresent(fields -> {
            name = fields.required("name", "node-alerts")
                    .filter(text -> isName(fields, "name", text))
                    .orElse(null);
            namespace = fields.value("namespace").isEmpty()
                    ? "default"
                    : fields.string("namespace")
                            .filter(text -> isName(fields, "namespace", text))
                            .orElse(null);
        });
    }

    private static boolean isName(Fields fields, String key, String text) {
        boolean isName = key.equals("name");
        if ((isName ? NAME : NAMESPACE).matcher(text).matches()) {
            return true;
        }
        fields.report(
                key,
                "`" + text + "` is not a Kubernetes " + key + "; write lower-case letters, digits and -"
                        + (isName ? " (and . between them), at most 253" : ", at most 63"));
        return false;
    }
}
