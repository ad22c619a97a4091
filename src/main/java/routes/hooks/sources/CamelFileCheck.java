package routes.hooks.sources;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.dsl.yaml.common.exception.YamlDeserializationException;
import org.apache.camel.model.RouteTemplateDefinition;
import org.apache.camel.model.RoutesDefinition;
import org.apache.camel.model.TemplatedRouteDefinition;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * What the parts of a file of Camel's must be to each other: what would do nothing, or more than its file, is refused.
 */
final class CamelFileCheck {

    /** The instance that a step names, which is a route's id. */
    private static final Pattern INSTANCE = Pattern.compile("(kamelet:(?://)?)?[^/?\\s]+/([^?]+)(?:\\?.*)?");

    private CamelFileCheck() {}

    static void check(CamelYaml.Content content) {
        refuseInstancesOfHooks(content.nodes());
        RoutesDefinition all = content.model().getRouteCollection();
        boolean runs = !content.routes().isEmpty()
                || !content.templated().isEmpty()
                || !content.rests().isEmpty();
        boolean clauses = Stream.of(
                        all.getOnExceptions(), all.getOnCompletions(), all.getIntercepts(), all.getInterceptFroms())
                .anyMatch(some -> !some.isEmpty());
        if (!runs && (clauses || !content.configurations().isEmpty() || all.getErrorHandlerFactory() != null)) {
            throw new IllegalArgumentException(
                    "holds no route: exception clauses, error handlers, interceptors and route configurations hold for the routes of their own file only; write them"
                            + " into the files of the routes they are for");
        }
        if (!runs
                && content.templates().isEmpty()
                && content.beans().isEmpty()
                && content.dataFormats().isEmpty()) {
            throw new IllegalArgumentException(
                    "holds no route; a list of Camel routes begins with - route: or - from:");
        }
        if (content.configurations().stream()
                .anyMatch(configuration -> !configuration.getInterceptSendTos().isEmpty())) {
            throw new IllegalArgumentException(
                    "routeConfiguration: interceptSendToEndpoint: " + CamelYaml.REFUSED.get("interceptSendToEndpoint"));
        }
        if (clauses && !content.templated().isEmpty()) {
            throw new IllegalArgumentException(
                    "exception clauses, interceptors and onCompletion outside a route do not hold for a templatedRoute; write them into a - routeConfiguration without"
                            + " an id, which holds for all routes of the file");
        }
        Set<String> own =
                content.templates().stream().map(RouteTemplateDefinition::getId).collect(Collectors.toSet());
        for (TemplatedRouteDefinition route : content.templated()) {
            if (!own.contains(route.getRouteTemplateRef())) {
                throw new IllegalArgumentException(
                        "templatedRoute: there is no routeTemplate with the id " + route.getRouteTemplateRef()
                                + " in this file; a template and its routes belong into one file");
            }
        }
    }

    /** With its place; whichever way it is written, {@link Installation} refuses it too. */
    private static void refuseInstancesOfHooks(CamelNodes nodes) {
        for (CamelNodes.Place text : nodes.texts()) {
            Matcher step = INSTANCE.matcher(((ScalarNode) text.node()).getValue());
            if (step.matches() && (step.group(1) != null || text.path().matches("(.*\\.)?kamelet(\\.name)?"))) {
                CamelName name = new CamelName(CamelName.ROUTE, step.group(2));
                if (name.isOfHooks()) {
                    throw new YamlDeserializationException(text.node(), name.refusal());
                }
            }
        }
    }
}
