package routes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.type.filter.AnnotationTypeFilter;

class ConfigurationDocsTest {

    private static final Pattern ROW = Pattern.compile(
            "\\| `(opsbus\\.[a-z0-9.\\[\\]-]+)` \\| (?:`([^`]*)`)? ?\\| ((?:`[A-Z0-9_]+`(?:, )?)+) \\| .+ \\|");

    private record Row(String defaultValue, List<String> environment) {}

    @Test
    void everyPropertyIsInTheTableWithItsDefaultAndNoOther() throws Exception {
        Map<String, String> documented = new TreeMap<>();
        rows().forEach((name, row) -> documented.put(name, row.defaultValue));
        assertThat(documented).isEqualTo(inCode());
    }

    @Test
    void everyEnvironmentNameSetsItsProperty() throws Exception {
        Properties shipped = shipped();
        rows().forEach((property, row) -> row.environment.forEach(name -> {
            if (name.startsWith("OPSBUS_")) {
                MutablePropertySources environment = new MutablePropertySources();
                environment.addFirst(new SystemEnvironmentPropertySource(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, Map.of(name, "given")));
                assertThat(new Binder(ConfigurationPropertySources.from(environment))
                                .bind(property, String.class)
                                .orElse(null))
                        .as(name)
                        .isEqualTo("given");
            } else {
                assertThat(shipped.getProperty(property)).as(property).startsWith("${" + name + ":");
            }
        }));
    }

    private static Map<String, Row> rows() throws IOException {
        Map<String, Row> rows = new TreeMap<>();
        for (String line : Files.readAllLines(Path.of("docs/configuration.md"))) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                String defaultValue = row.group(2) == null ? "" : row.group(2);
                rows.put(
                        row.group(1),
                        new Row(
                                defaultValue,
                                List.of(row.group(3).replace("`", "").split(", "))));
            }
        }
        return rows;
    }

    private static Map<String, String> inCode() throws Exception {
        Map<String, String> properties = new TreeMap<>();
        ClassPathScanningCandidateComponentProvider scanner = new ClassPathScanningCandidateComponentProvider(false);
        scanner.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
        scanner.findCandidateComponents("routes").forEach(found -> {
            Class<?> type = load(found.getBeanClassName());
            String prefix = type.getAnnotation(ConfigurationProperties.class).value();
            putAll(prefix, type, properties);
        });
        shipped().forEach((key, value) -> {
            if (key.toString().startsWith("opsbus.")) {
                properties.put(key.toString(), value.toString().replaceFirst("^\\$\\{[A-Z_]+:(.*)}$", "$1"));
            }
        });
        return properties;
    }

    private static void putAll(String prefix, Class<?> type, Map<String, String> properties) {
        for (Parameter parameter : type.getDeclaredConstructors()[0].getParameters()) {
            String name = prefix + "." + kebab(parameter.getName());
            if (parameter.getParameterizedType() instanceof ParameterizedType list
                    && list.getRawType() == List.class
                    && list.getActualTypeArguments()[0] instanceof Class<?> element
                    && element.isRecord()) {
                putAll(name + "[0]", element, properties);
            } else if (parameter.getType().isRecord()) {
                putAll(name, parameter.getType(), properties);
            } else {
                DefaultValue defaultValue = parameter.getAnnotation(DefaultValue.class);
                properties.put(name, defaultValue == null ? "" : String.join(",", defaultValue.value()));
            }
        }
    }

    private static Properties shipped() throws IOException {
        Properties shipped = new Properties();
        try (Reader file = Files.newBufferedReader(Path.of("src/main/resources/application.properties"))) {
            shipped.load(file);
        }
        return shipped;
    }

    private static String kebab(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
