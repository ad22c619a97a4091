package routes.hooks.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventHooksCrdTest {

    private final CustomResourceDefinition crd = read();
    private final CustomResourceDefinitionVersion v1 =
            crd.getSpec().getVersions().get(0);
    private final JSONSchemaProps schema = v1.getSchema().getOpenAPIV3Schema();

    @Test
    void itIsTheResourceOfTheOriginal() {
        assertThat(crd.getMetadata().getName()).isEqualTo("eventhooks.crd.chenshaowen.com");
        assertThat(crd.getSpec().getNames().getKind()).isEqualTo("EventHooks");
        assertThat(crd.getSpec().getNames().getPlural()).isEqualTo("eventhooks");
        assertThat(crd.getSpec().getNames().getSingular()).isEqualTo("eventhooks");
        assertThat(crd.getSpec().getGroup() + "/" + v1.getName()).isEqualTo(HookDocument.API_VERSION);
        assertThat(v1.getSubresources().getStatus()).isNotNull();
    }

    @Test
    void nothingTheOriginalAcceptedIsRefused() {
        JSONSchemaProps spec = schema.getProperties().get("spec");
        assertThat(schema.getRequired()).isEmpty();
        assertThat(spec.getRequired()).isEmpty();
        assertThat(spec.getProperties()).containsKeys("type", "subject", "url", "options", "keywords", "additional");
        spec.getProperties().values().forEach(property -> {
            assertThat(property.getEnum()).isEmpty();
            assertThat(property.getPattern()).isNull();
        });
        assertThat(spec.getProperties().get("keywords").getType())
                .as("an object or a list")
                .isNull();
    }

    @Test
    void itSaysWhatTheReaderReads() {
        assertThat(schema.getProperties().get("spec").getProperties().keySet())
                .containsExactlyInAnyOrderElementsOf(SpecFields.KEYS);
    }

    /** Headers may be written below {@code header}, so that an option may also be a mapping. */
    @Test
    void anOptionIsAnything() {
        JSONSchemaProps option = schema.getProperties()
                .get("spec")
                .getProperties()
                .get("options")
                .getAdditionalProperties()
                .getSchema();
        assertThat(option.getXKubernetesPreserveUnknownFields()).isTrue();
        assertThat(option.getType()).isNull();
    }

    /** The API server takes structural schemas only: everything has a type, or keeps what it does not know. */
    @Test
    void theSchemaIsStructural() {
        assertStructural("", schema);
    }

    private static void assertStructural(String path, JSONSchemaProps schema) {
        assertThat(schema.getType() != null || Boolean.TRUE.equals(schema.getXKubernetesPreserveUnknownFields()))
                .as(path)
                .isTrue();
        for (Map.Entry<String, JSONSchemaProps> property :
                schema.getProperties().entrySet()) {
            assertStructural(path + "." + property.getKey(), property.getValue());
        }
        if (schema.getItems() != null) {
            assertStructural(path + "[]", schema.getItems().getSchema());
        }
        if (schema.getAdditionalProperties() != null) {
            assertStructural(path + ".*", schema.getAdditionalProperties().getSchema());
        }
    }

    private static CustomResourceDefinition read() {
        try {
            return Serialization.unmarshal(
                    Files.readString(Path.of("k8s/crds/eventhooks.yaml")), CustomResourceDefinition.class);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
