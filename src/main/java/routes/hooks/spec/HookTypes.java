package routes.hooks.spec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.yaml.snakeyaml.nodes.Node;

/** The hook types by name: Kamelets shipped in the jar, and those a user puts in {@code hooks/types/}. Immutable. */
public final class HookTypes {

    /** @param problems one for each Kamelet that could not be used; the others are in {@code types} */
    public record Loading(HookTypes types, List<HookProblem> problems) {}

    private static final String SUFFIX = ".kamelet.yaml";
    private static final String BUILT_IN = "classpath*:camel/types/*" + SUFFIX;

    static final HookTypes NONE = new HookTypes(Map.of());

    private final Map<String, HookType> byName;

    private HookTypes(Map<String, HookType> byName) {
        this.byName = byName;
    }

    /** @throws IllegalStateException when a Kamelet of the jar is broken */
    public static HookTypes builtIn() {
        Map<Path, String> texts = new TreeMap<>();
        try {
            for (Resource kamelet : new PathMatchingResourcePatternResolver().getResources(BUILT_IN)) {
                texts.put(Path.of(kamelet.getFilename()), kamelet.getContentAsString(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Loading loading = NONE.plus(texts);
        if (!loading.problems.isEmpty()) {
            throw new IllegalStateException(loading.problems.toString());
        }
        return loading.types;
    }

    /**
     * These types and those of the given Kamelets.
     *
     * @param texts Kamelet YAML by its file, which must be named {@code {name}.kamelet.yaml}: Camel finds it so
     */
    public Loading plus(Map<Path, String> texts) {
        return plus(texts, Map.of());
    }

    /**
     * @param templates the files that hold route templates, by the id: Camel would take a template for the Kamelet of
     *     that name
     */
    public Loading plus(Map<Path, String> texts, Map<String, String> templates) {
        Map<String, HookType> all = new TreeMap<>(byName);
        List<HookProblem> problems = new ArrayList<>();
        texts.forEach((file, text) ->
                read(file, text, all, templates, problems).ifPresent(type -> all.put(type.name(), type)));
        return new Loading(new HookTypes(all), problems);
    }

    private static Optional<HookType> read(
            Path file,
            String text,
            Map<String, HookType> taken,
            Map<String, String> templates,
            List<HookProblem> problems) {
        List<Node> documents;
        try {
            documents = YamlText.documents(text);
        } catch (YamlText.Unreadable e) {
            problems.add(new HookProblem(new Origin(file.toString(), e.line, e.column), null, e.getMessage()));
            return Optional.empty();
        }
        if (documents.size() != 1) {
            problems.add(new HookProblem(
                    new Origin(file.toString(), 1, 1),
                    null,
                    "has " + documents.size() + " documents; write one Kamelet in a file"));
            return Optional.empty();
        }
        Problems found = new Problems();
        Optional<HookType> type = HookType.read(documents.get(0), found);
        type.flatMap(read -> nameProblem(file, read.name(), taken, templates))
                .ifPresent(problem -> found.add(documents.get(0), "metadata.name", problem));
        problems.addAll(found.in(Source.file(file.toString(), null), null));
        return found.isEmpty() ? type : Optional.empty();
    }

    private static Optional<String> nameProblem(
            Path file, String name, Map<String, HookType> taken, Map<String, String> templates) {
        if (!file.getFileName().toString().equals(name + SUFFIX)) {
            return Optional.of("is " + name + ", so the file must be named " + name + SUFFIX);
        }
        if (templates.containsKey(name)) {
            return Optional.of("a route template with the id " + name + " exists already, in " + templates.get(name)
                    + "; give one of them another name");
        }
        return taken.containsKey(name)
                ? Optional.of("the type " + name + " exists already; give it another name")
                : Optional.empty();
    }

    public Optional<HookType> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    public Set<String> names() {
        return byName.keySet();
    }
}
