package routes.api.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class MappingReaderTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "mesage ~ x ~ there is no property opsbus.push.mappings.m.mesage; a mapping has channel, each, id, message, provider, reason, severity, subject, time, type",
                "each ~ items ~ the property opsbus.push.mappings.m.each: the JSONPath \"items\" does not begin with $",
                "each ~ $.a[?(@.x)] ~ the property opsbus.push.mappings.m.each: the JSONPath \"$.a[?(@.x)]\" does not lead to one value",
                "id ~ {$.a ~ the property opsbus.push.mappings.m.id is \"{$.a\"; a { begins a value and is written {$.path}",
                "id ~ {id} ~ the property opsbus.push.mappings.m.id is \"{id}\"; a { begins a value and is written {$.path}",
                "channel ~ {$.a| } ~ the property opsbus.push.mappings.m.channel: in {$.a| } there is no text behind |",
                "id ~ {$.a[x]} ~ the property opsbus.push.mappings.m.id: the JSONPath \"$.a[x]\" can't be read",
                "id ~ constant ~ the property opsbus.push.mappings.m.id is \"constant\", the same for all",
                "message ~ {$.a[*]} ~ the property opsbus.push.mappings.m.message: the JSONPath \"$.a[*]\" does not lead to one value",
                "type ~ `` ~ the property opsbus.push.mappings.m.type is empty",
                "severity ~ {$..a} ~ the property opsbus.push.mappings.m.severity: ",
                "subject ~ {$.subject} ~ the property opsbus.push.mappings.m.subject is \"{$.subject}\"; a subject starts with ops.",
                "subject ~ nodes.{$.a} ~ a subject starts with ops.",
                "subject ~ ops.*.{$.a} ~ has no empty token, wildcard",
                "subject ~ ops..{$.a} ~ has no empty token",
                "subject ~ ops.a b ~ white space"
            })
    void aMistakeIsNamedWithItsProperty(String option, String value, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MappingReader("m", Map.of(option, value)).read())
                .withMessageContaining(message);
    }

    @Test
    void subjectAndItsPartsExcludeEachOther() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MappingReader("m", Map.of("subject", "ops.x", "channel", "c")).read())
                .withMessage(
                        "the properties opsbus.push.mappings.m.subject and opsbus.push.mappings.m.channel are both set; remove one of them");
    }

    @Test
    void aSubjectThatWouldBecomeTooLongIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MappingReader("m", Map.of("subject", "ops" + ".{$.a}".repeat(14))).read())
                .withMessageContaining("not more than a dozen placeholders");
        assertThat(new MappingReader("m", Map.of("subject", "ops" + ".{$.a}".repeat(12))).read())
                .isNotNull();
    }

    @Test
    void aMappingNeedsNoOption() {
        assertThat(new MappingReader("m", new HashMap<>()).read().name()).isEqualTo("m");
    }

    @Test
    void aMappingIsConfiguredByTheEnvironmentToo() {
        MutablePropertySources environment = new MutablePropertySources();
        environment.addFirst(new SystemEnvironmentPropertySource(
                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                Map.of("OPSBUS_PUSH_MAPPINGS_PAGER_ID", "{$.id}", "OPSBUS_PUSH_MAPPINGS_PAGER_SEVERITY", "high")));
        PushProperties bound = new Binder(ConfigurationPropertySources.from(environment))
                .bind("opsbus.push", PushProperties.class)
                .get();
        assertThat(bound.mappings()).isEqualTo(Map.of("pager", Map.of("id", "{$.id}", "severity", "high")));
    }

    @Test
    void aBuiltInSourceIsNotReplaced() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PushSources(
                        List.of(new Alertmanager()),
                        new PushProperties(Map.of("alertmanager", Map.of("id", "{$.id}")))))
                .withMessageContaining("opsbus.push.mappings.alertmanager has the name of a built-in source");
    }
}
