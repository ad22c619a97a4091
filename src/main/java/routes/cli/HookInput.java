package routes.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.StandardEnvironment;
import routes.api.DemoUrls;
import routes.hooks.http.EgressRule;
import routes.hooks.http.EgressSettings;
import routes.hooks.sources.HookFiles;
import routes.hooks.spec.EndpointRules;
import routes.hooks.spec.EventHook;
import routes.hooks.spec.HookProblem;
import routes.hooks.spec.HookReader;
import routes.hooks.spec.HookTypes;
import routes.hooks.spec.HookUrl;
import routes.hooks.spec.Origin;

/**
 * The hooks of some files and folders, read as a running opsbus reads its own.
 *
 * @param kamelets YAML of the types that are not built in, by file
 */
record HookInput(List<EventHook> hooks, HookTypes types, Map<Path, String> kamelets, List<HookProblem> problems) {

    /** Files without folders know the types in {@code types/} and the plain Camel routes beside them. */
    static HookInput read(List<Path> paths) {
        SortedMap<Path, String> typeTexts = new TreeMap<>();
        Map<Path, String> texts = new LinkedHashMap<>();
        List<HookProblem> problems = new ArrayList<>();
        List<String> around = new ArrayList<>();
        for (Path path : paths) {
            boolean folder = Files.isDirectory(path);
            HookFiles.Contents contents = contents(folder ? path : path.resolveSibling(""));
            typeTexts.putAll(contents.types());
            around.addAll(contents.hooks().values());
            if (folder) {
                texts.putAll(contents.hooks());
                problems.addAll(contents.problems());
                problems.addAll(contents.ignored());
            } else {
                readFile(path, texts, problems);
            }
        }
        HookTypes.Loading loading = HookTypes.builtIn().plus(typeTexts);
        problems.addAll(loading.problems());
        typeTexts
                .keySet()
                .removeIf(file -> loading.problems().stream()
                        .anyMatch(problem -> problem.origin().source().equals(file.toString())));
        List<EventHook> hooks = hooks(texts, loading.types(), problems);
        around.addAll(texts.values());
        CallableRoutes callable = CallableRoutes.in(around);
        hooks.forEach(hook -> callable.problem(hook, loading.types()).ifPresent(problems::add));
        return new HookInput(hooks, loading.types(), typeTexts, problems);
    }

    private static HookFiles.Contents contents(Path folder) {
        return new HookFiles(folder, Duration.ZERO, System::nanoTime).poll();
    }

    private static void readFile(Path file, Map<Path, String> texts, List<HookProblem> problems) {
        try {
            texts.put(file, Files.readString(file));
        } catch (CharacterCodingException e) {
            problems.add(problem(file, "is not UTF-8 text"));
        } catch (IOException e) {
            problems.add(problem(
                    file, Files.exists(file) ? "cannot be read (" + e + ")" : "there is no such file or folder"));
        }
    }

    private static HookProblem problem(Path file, String message) {
        return new HookProblem(new Origin(file.toString(), 0, 0), null, message);
    }

    private static List<EventHook> hooks(Map<Path, String> texts, HookTypes types, List<HookProblem> problems) {
        EgressRule egress = EgressRule.offline(
                Binder.get(new StandardEnvironment()).bindOrCreate("opsbus.hooks", EgressSettings.class));
        EndpointRules rules = Binder.get(new StandardEnvironment()).bindOrCreate("opsbus.hooks", EndpointRules.class);
        HookReader reader = new HookReader(types, name -> DemoUrls.offline(name, System::getenv), rules);
        Map<String, EventHook> hooks = new LinkedHashMap<>();
        texts.forEach((file, text) -> {
            HookReader.Reading reading = reader.read(file.toString(), text);
            problems.addAll(reading.problems());
            for (EventHook hook : reading.hooks()) {
                Optional<String> forbidden = HookUrl.forbidden(hook, egress);
                if (forbidden.isPresent()) {
                    problems.add(new HookProblem(hook.origin(), hook.id(), forbidden.get()));
                } else if (hooks.containsKey(hook.id())) {
                    problems.add(new HookProblem(
                            hook.origin(),
                            hook.id(),
                            "the hook " + hook.id() + " is already written in "
                                    + hooks.get(hook.id()).origin() + "; give one of them another name"));
                } else {
                    hooks.put(hook.id(), hook);
                }
            }
        });
        return List.copyOf(hooks.values());
    }

    /** The hooks without those that have one of these problems, each of which is passed on. */
    List<EventHook> hooks(List<HookProblem> without, Consumer<HookProblem> complain) {
        without.forEach(complain);
        var ids = without.stream().map(HookProblem::hookId).collect(Collectors.toSet());
        return hooks.stream().filter(hook -> !ids.contains(hook.id())).toList();
    }
}
