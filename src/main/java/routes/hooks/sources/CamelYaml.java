package routes.hooks.sources;

import static org.apache.camel.dsl.yaml.common.YamlDeserializerSupport.asText;
import static org.apache.camel.dsl.yaml.common.YamlDeserializerSupport.asType;
import static org.apache.camel.dsl.yaml.common.YamlDeserializerSupport.setDeserializationContext;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.ErrorHandlerFactory;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.builder.RouteConfigurationBuilder;
import org.apache.camel.dsl.yaml.YamlRoutesBuilderLoader;
import org.apache.camel.dsl.yaml.common.YamlDeserializationContext;
import org.apache.camel.dsl.yaml.common.YamlDeserializerBase;
import org.apache.camel.dsl.yaml.common.exception.UnknownNodeIdException;
import org.apache.camel.dsl.yaml.common.exception.YamlDeserializationException;
import org.apache.camel.model.BeanFactoryDefinition;
import org.apache.camel.model.DataFormatDefinition;
import org.apache.camel.model.ErrorHandlerDefinition;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RouteTemplateDefinition;
import org.apache.camel.model.TemplatedRouteDefinition;
import org.apache.camel.model.rest.RestDefinition;
import org.apache.camel.support.ResourceHelper;
import org.snakeyaml.engine.v2.api.ConstructNode;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Reads one file of Camel's YAML: a list of the DSL's elements, the same list as {@code spec.flows} of a {@code kind:
 * Integration}, or a {@code kind: Pipe}. Camel's own reader binds beans, data formats, the error handler and the REST
 * configuration into the context while it reads, and passes over what is no element of a list; here nothing is bound,
 * and nothing is passed over.
 */
final class CamelYaml extends YamlRoutesBuilderLoader {

    /** What may stand in the list, besides what is {@link #REFUSED}. */
    static final Set<String> ELEMENTS = new TreeSet<>(Set.of(
            "beans",
            "dataFormats",
            "errorHandler",
            "from",
            "intercept",
            "interceptFrom",
            "onCompletion",
            "onException",
            "rest",
            "route",
            "routeConfiguration",
            "routeTemplate",
            "templatedRoute"));

    /** Why an element of Camel's may not stand there. */
    static final Map<String, String> REFUSED = Map.of(
            "interceptSendToEndpoint",
                    "to Camel it holds for all routes there are, opsbus' own too, and stays when the file is gone; write the steps into the routes that send",
            "restConfiguration",
                    "holds for all of opsbus, whose own API is served by it; leave it out: - rest is served by platform-http on opsbus' port (docs/hooks.md#paths-of-your-own)");

    /**
     * What a file says.
     *
     * @param model routes and all that belongs to them; rests are not routes yet
     * @param ignored what only Camel K's operator could do, for the log
     * @param nodes the text itself
     */
    record Content(
            RouteConfigurationBuilder model,
            List<BeanFactoryDefinition<?>> beans,
            Map<String, DataFormatDefinition> dataFormats,
            List<String> ignored,
            CamelNodes nodes) {

        List<RouteDefinition> routes() {
            return model.getRouteCollection().getRoutes();
        }

        List<RouteTemplateDefinition> templates() {
            return model.getRouteTemplateCollection().getRouteTemplates();
        }

        List<TemplatedRouteDefinition> templated() {
            return model.getTemplatedRouteCollection().getTemplatedRoutes();
        }

        List<RouteConfigurationDefinition> configurations() {
            return model.getRouteConfigurationCollection().getRouteConfigurations();
        }

        List<RestDefinition> rests() {
            return model.getRestCollection().getRests();
        }
    }

    private final List<BeanFactoryDefinition<?>> beans = new ArrayList<>();
    private final Map<String, DataFormatDefinition> dataFormats = new LinkedHashMap<>();
    private final List<String> ignored = new ArrayList<>();
    private ErrorHandlerFactory errorHandler;
    private Node root;

    private CamelYaml() {}

    /**
     * @param name of the file, as Camel shows it
     * @throws Exception what is wrong with it, with the place where Camel or this reader knows it
     */
    static Content read(ModelCamelContext camel, String name, String text) throws Exception {
        CamelYaml yaml = new CamelYaml();
        yaml.setCamelContext(camel);
        yaml.build();
        try {
            return yaml.content(camel, name, text);
        } catch (MarkedYamlEngineException e) {
            throw new CamelMistake(camel).inWords(e, yaml.root);
        }
    }

    private Content content(ModelCamelContext camel, String name, String text) throws Exception {
        RouteConfigurationBuilder model =
                (RouteConfigurationBuilder) loadRoutesBuilder(ResourceHelper.fromString(name, text));
        model.setCamelContext(camel);
        model.getRouteCollection().setResource(model.getResource());
        model.getRouteTemplateCollection().setResource(model.getResource());
        if (errorHandler != null) {
            model.setErrorHandlerFactory(errorHandler);
        }
        model.configuration();
        model.configure();
        return new Content(model, beans, dataFormats, ignored, new CamelNodes(root));
    }

    @Override
    protected RouteBuilder builder(YamlDeserializationContext context, Node root) {
        this.root = root;
        Node flows = root instanceof MappingNode document ? CamelResource.flows(document, ignored) : root;
        if (flows instanceof MappingNode pipe) {
            return super.builder(context, pipe);
        }
        SequenceNode elements = CamelResource.list(flows, "");
        List<Node> others = new ArrayList<>();
        for (Node element : elements.getValue()) {
            NodeTuple only = only(element);
            String name = asText(only.getKeyNode());
            if (name.equals("beans")) {
                CamelResource.list(only.getValueNode(), "beans").getValue().forEach(bean -> bean(context, bean));
            } else if (name.equals("dataFormats")) {
                CamelResource.list(only.getValueNode(), "dataFormats")
                        .getValue()
                        .forEach(format -> dataFormat(context, format));
            } else if (name.equals("errorHandler")) { // to Camel's own reader it is that of the whole context
                setDeserializationContext(only.getValueNode(), context);
                errorHandler = asType(only.getValueNode(), ErrorHandlerDefinition.class)
                        .getErrorHandlerType();
            } else if (ELEMENTS.contains(name)) {
                others.add(element);
            } else {
                throw new YamlDeserializationException(
                        only.getKeyNode(),
                        REFUSED.containsKey(name)
                                ? name + ": " + REFUSED.get(name)
                                : CamelResource.unknown(name, ELEMENTS));
            }
        }
        return super.builder(
                context,
                new SequenceNode(
                        elements.getTag(),
                        true,
                        others,
                        elements.getFlowStyle(),
                        elements.getStartMark(),
                        elements.getEndMark()));
    }

    private static NodeTuple only(Node element) {
        if (!(element instanceof MappingNode mapping) || mapping.getValue().size() != 1) {
            throw new YamlDeserializationException(
                    element,
                    "each entry of a list of Camel's has one name, for example - route: with all that belongs to it indented below");
        }
        return mapping.getValue().get(0);
    }

    private void bean(YamlDeserializationContext context, Node node) {
        setDeserializationContext(node, context);
        BeanFactoryDefinition<?> bean = asType(node, BeanFactoryDefinition.class);
        if (bean.getName() == null || bean.getType() == null) {
            throw new YamlDeserializationException(node, "a bean needs a name and a type, the name of its class");
        }
        bean.setResource(context.getResource());
        bean.setType(bean.getType().startsWith("#class:") ? bean.getType() : "#class:" + bean.getType());
        if (beans.stream().anyMatch(other -> other.getName().equals(bean.getName()))) {
            throw new YamlDeserializationException(
                    node, "a bean named " + bean.getName() + " is written above; give this one another name");
        }
        beans.add(bean);
    }

    private void dataFormat(YamlDeserializationContext context, Node node) {
        NodeTuple only = only(node);
        String name = asText(only.getKeyNode());
        setDeserializationContext(node, context);
        setDeserializationContext(only.getValueNode(), context);
        if (!(reader(context, node, name) instanceof YamlDeserializerBase<?> reader
                && DataFormatDefinition.class.isAssignableFrom(reader.getType()))) {
            CamelMistake words = new CamelMistake(getCamelContext());
            throw new YamlDeserializationException(
                    only.getKeyNode(),
                    words.steps().contains(name)
                            ? name + " is not a data format"
                            : CamelResource.unknown(name, words.dataFormats()));
        }
        DataFormatDefinition format = (DataFormatDefinition) reader.construct(only.getValueNode());
        if (format.getId() == null) {
            throw new YamlDeserializationException(node, "a data format needs an id, by which routes refer to it");
        }
        format.setResource(context.getResource());
        if (dataFormats.putIfAbsent(format.getId(), format) != null) {
            throw new YamlDeserializationException(
                    node,
                    "a data format with the id " + format.getId() + " is written above; give this one another id");
        }
    }

    /** What Camel reads an element of this name with, or null. */
    private static ConstructNode reader(YamlDeserializationContext context, Node node, String name) {
        try {
            return context.resolve(node, name);
        } catch (UnknownNodeIdException e) {
            return null;
        }
    }
}
