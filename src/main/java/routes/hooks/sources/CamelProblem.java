package routes.hooks.sources;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.NoSuchLanguageException;
import org.apache.camel.model.OptionalIdentifiedDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/**
 * What Camel has against a route, for its author.
 *
 * @param line from 1; 0 when Camel does not tell
 * @param column from 1; 0 when Camel does not tell
 * @param message one line
 */
public record CamelProblem(int line, int column, String message) {

    private static final Pattern NO_COMPONENT =
            Pattern.compile("(?:No endpoint could be found for: |No component found with scheme: )([A-Za-z0-9+.-]+)");
    private static final Pattern NO_KAMELET =
            Pattern.compile("Resource not found: .*?([A-Za-z0-9._-]+)\\.kamelet\\.yaml");
    private static final Pattern NO_DATA_FORMAT = Pattern.compile("Data ?[Ff]ormat '([^']+)' could not be created");

    /** Where Camel says that a step is wrong, it quotes the step. */
    private static final String QUOTED = ">>> %s <<<";

    public static CamelProblem of(Throwable thrown) {
        return of(thrown, List.of());
    }

    /** @param routes those of the file, as far as they could be read */
    public static CamelProblem of(Throwable thrown, List<RouteDefinition> routes) {
        List<Throwable> causes = new ArrayList<>();
        for (Throwable cause = thrown; cause != null && !causes.contains(cause); cause = cause.getCause()) {
            causes.add(cause);
        }
        String message = message(causes);
        for (Throwable cause : causes) {
            if (cause instanceof MarkedYamlEngineException marked
                    && marked.getProblemMark().isPresent()) {
                return new CamelProblem(
                        marked.getProblemMark().get().getLine() + 1,
                        marked.getProblemMark().get().getColumn() + 1,
                        marked.getProblem() == null || marked.getProblem().isBlank()
                                ? message
                                : firstLine(marked.getProblem()));
            }
        }
        int line = causes.stream()
                .map(cause -> String.valueOf(cause.getMessage()))
                .mapToInt(text -> line(text, routes))
                .filter(found -> found > 0)
                .findFirst()
                .orElse(0);
        return new CamelProblem(line, line > 0 ? 1 : 0, message);
    }

    private static int line(String message, List<RouteDefinition> routes) {
        for (RouteDefinition route : routes) {
            List<OptionalIdentifiedDefinition<?>> steps = new ArrayList<>(
                    ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), ProcessorDefinition.class)
                            .stream()
                            .map(step -> (OptionalIdentifiedDefinition<?>) step)
                            .toList());
            steps.add(route.getInput());
            for (OptionalIdentifiedDefinition<?> step : steps) {
                if (message.contains(QUOTED.formatted(step)) && step.getLineNumber() > 0) {
                    return step.getLineNumber();
                }
            }
        }
        return routes.stream()
                .filter(route -> message.contains("route " + route.getRouteId() + " ")
                        || message.contains("route: " + route.getRouteId() + " "))
                .mapToInt(route ->
                        Math.max(route.getLineNumber(), route.getInput().getLineNumber()))
                .findFirst()
                .orElse(0);
    }

    /** In Camel's words, but for what opsbus knows better. */
    private static String message(List<Throwable> causes) {
        for (Throwable cause : causes) {
            if (cause instanceof NoSuchLanguageException language) {
                return missing("Camel language", language.getLanguage());
            }
            if (cause instanceof ClassNotFoundException || cause instanceof NoClassDefFoundError) {
                return missing("class", String.valueOf(cause.getMessage()).replace('/', '.'));
            }
            if (cause instanceof StackOverflowError) {
                return "is nested too deeply, or an alias *name stands within what it names";
            }
            Matcher kamelet = NO_KAMELET.matcher(String.valueOf(cause.getMessage()));
            if (kamelet.find()) {
                return "there is no Kamelet " + kamelet.group(1)
                        + " here; put it into types/ in this folder, in a file named " + kamelet.group(1)
                        + ".kamelet.yaml";
            }
            Matcher component = NO_COMPONENT.matcher(String.valueOf(cause.getMessage()));
            if (component.find()) {
                return missing("Camel component", component.group(1));
            }
            Matcher dataFormat = NO_DATA_FORMAT.matcher(String.valueOf(cause.getMessage()));
            if (dataFormat.find()) {
                return missing("Camel data format", dataFormat.group(1));
            }
        }
        Throwable deepest = causes.get(causes.size() - 1);
        return firstLine(String.valueOf(deepest.getMessage() == null ? deepest : deepest.getMessage()));
    }

    private static String missing(String kind, String name) {
        return "there is no " + kind + " " + name
                + " here; check its spelling, or put its jar and those it needs into lib/ (docs/components.md says how)";
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }
}
