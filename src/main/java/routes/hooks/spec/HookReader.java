package routes.hooks.spec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * The one door for hooks: files, custom resources, {@code opsbus match} and the tests all read through it. It is
 * strict: what could never fire is not accepted, and it says why, with the place and the way to write it.
 */
public final class HookReader {

    /**
     * @param hooks the valid ones
     * @param problems why others are missing
     * @param camelRoutes the text is a file of Camel's (its root is a list, or of a kind of Camel K's) and holds no
     *     hooks
     * @param unreadable the text is not YAML, so that nobody knows which hooks it was to hold
     */
    public record Reading(List<EventHook> hooks, List<HookProblem> problems, boolean camelRoutes, boolean unreadable) {

        public Reading {
            hooks = List.copyOf(hooks);
            problems = List.copyOf(problems);
        }
    }

    private static final JsonMapper ASCII =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private static final Set<String> CAMEL = Set.of("Integration", "Pipe", "KameletBinding");
    private static final Set<String> LISTS = Set.of("List", "EventHooksList");
    private static final Set<String> LIST_KEYS = Set.of("apiVersion", "kind", "metadata", "items");

    private final HookTypes types;
    private final Function<String, String> environment;
    private final EndpointRules rules;

    /** By the rules of an installation where nothing is configured. */
    public HookReader(HookTypes types, Function<String, String> environment) {
        this(types, environment, EndpointRules.defaults());
    }

    /** @param environment values for placeholders in files, null for a name that is not set: {@code System::getenv} */
    public HookReader(HookTypes types, Function<String, String> environment, EndpointRules rules) {
        this.types = types;
        this.environment = environment;
        this.rules = rules;
    }

    /**
     * Reads a file of EventHooks, any number of documents.
     *
     * @param source the file's path as the user knows it
     */
    public Reading read(String source, String yaml) {
        return read(Source.file(source, environment), yaml);
    }

    /**
     * Reads one custom resource. Placeholders have no meaning there: who may write a hook may not read our environment.
     *
     * @param id its {@code namespace/name}
     */
    public Reading readResource(String id, String json) {
        try {
            return read(Source.resource(id), asYaml(json));
        } catch (JsonProcessingException e) {
            return unreadable(Source.resource(id), null, "is not JSON: " + e.getOriginalMessage());
        }
    }

    /** JSON may hold characters that YAML 1.1 forbids or takes for line breaks; as escapes both read them alike. */
    private static String asYaml(String json) throws JsonProcessingException {
        return ASCII.writeValueAsString(ASCII.readTree(json)).replace("\u007f", "\\u007f");
    }

    private Reading read(Source source, String yaml) {
        List<Node> documents;
        try {
            documents = YamlText.documents(yaml);
        } catch (YamlText.Unreadable e) {
            return unreadable(source, e, e.getMessage());
        }
        if (source.isFile() && documents.size() == 1 && isCamel(documents.get(0))) {
            return new Reading(List.of(), List.of(), true, false);
        }
        List<EventHook> hooks = new ArrayList<>();
        List<HookProblem> problems = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (Node document : documents) {
            if (source.isFile() && isList(document)) {
                items(source, (MappingNode) document, problems)
                        .forEach(item -> read(source, item, taken, problems).ifPresent(hooks::add));
            } else {
                read(source, document, taken, problems).ifPresent(hooks::add);
            }
        }
        return new Reading(hooks, problems, false, false);
    }

    /** What {@code sources.CamelRouteFiles} reads: Camel's list, or what Camel K and JBang export. */
    private static boolean isCamel(Node document) {
        return document instanceof SequenceNode
                || kind(document).filter(CAMEL::contains).isPresent();
    }

    private static Optional<String> kind(Node document) {
        return document instanceof MappingNode root
                ? new Fields(root, "", new Problems()).string("kind")
                : Optional.empty();
    }

    /** {@code kind: List}, as {@code kubectl get eventhooks -o yaml} writes several of them. */
    private static boolean isList(Node document) {
        return kind(document).filter(LISTS::contains).isPresent();
    }

    private static List<Node> items(Source source, MappingNode root, List<HookProblem> problems) {
        Problems found = new Problems();
        Fields list = new Fields(root, "", found);
        list.allowOnly(LIST_KEYS, key -> Suggestion.among(LIST_KEYS, key));
        Optional<Node> items = list.value("items");
        if (items.filter(SequenceNode.class::isInstance).isEmpty()) {
            list.report("items", items.map(Fields::kindOf).orElse("is required") + "; write a list of EventHooks");
        }
        problems.addAll(found.in(source, null));
        return items.filter(SequenceNode.class::isInstance)
                .map(SequenceNode.class::cast)
                .map(SequenceNode::getValue)
                .orElse(List.of());
    }

    /** Of a resource it is known all the same which hook it was to be. */
    private static Reading unreadable(Source source, YamlText.Unreadable at, String message) {
        Origin origin = source.isFile() ? new Origin(source.file(), at.line, at.column) : source.origin(null);
        return new Reading(
                List.of(), List.of(new HookProblem(origin, source.resource(), message)), false, source.isFile());
    }

    private Optional<EventHook> read(Source source, Node document, Set<String> taken, List<HookProblem> problems) {
        Problems found = new Problems();
        boolean camel = isCamel(document) && (source.isFile() || document instanceof SequenceNode);
        if (!(document instanceof MappingNode root) || camel) {
            found.add(
                    document,
                    "",
                    camel
                            ? "Camel routes need a file of their own, without other documents"
                            : Fields.kindOf(document) + ", not an EventHooks document; it begins with apiVersion: "
                                    + HookDocument.API_VERSION);
            problems.addAll(found.in(source, null));
            return Optional.empty();
        }
        HookDocument hook = new HookDocument(root, new Fields(root, "", found), source, types, rules);
        Optional<EventHook> read = hook.read();
        if (hook.id() != null && !taken.add(hook.id())) {
            found.add(document, "metadata.name", "the hook " + hook.id() + " is already written above; keep one");
        }
        problems.addAll(found.in(source, hook.id()));
        return found.isEmpty() ? read : Optional.empty();
    }
}
