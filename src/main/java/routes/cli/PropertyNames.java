package routes.cli;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;

/**
 * The properties that opsbus knows, with the ways in which each can be written: those of its
 * {@code @ConfigurationProperties} records, and some more. Spring Boot binds what it finds and says nothing about the
 * rest.
 */
final class PropertyNames {

    static final String PREFIX = "opsbus.";
    /**
     * Folder of the project, set by the launcher: its hooks/ and data/ are the defaults wherever one starts it from.
     */
    static final String HOME = PREFIX + "home";

    static final String VARIABLES = "OPSBUS_";

    private final Map<String, Written> byName = new TreeMap<>();

    /**
     * @param inFiles over the name in lower case without dashes; @param variable over the name of an environment
     *     variable
     */
    private record Written(Pattern inFiles, Pattern variable) {}

    /** @param more properties that no record holds */
    PropertyNames(Collection<Class<?>> records, Collection<String> more) {
        for (Class<?> record : records) {
            String prefix = record.getAnnotation(ConfigurationProperties.class).value();
            addAll(prefix, plain(prefix), variable(prefix), record);
        }
        more.forEach(name -> add(name, plain(name), variable(name)));
    }

    private void addAll(String name, String inFiles, String variable, Class<?> record) {
        for (RecordComponent component : record.getRecordComponents()) {
            String part = DataObjectPropertyName.toDashedForm(component.getName());
            add(
                    name + "." + part,
                    inFiles + "\\." + plain(part),
                    variable + "_" + variable(part),
                    component.getGenericType());
        }
    }

    private void add(String name, String inFiles, String variable, Type type) {
        if (type instanceof ParameterizedType some && some.getRawType() == Map.class) {
            add(name, inFiles + "(\\..+|\\[.+)", variable + "_.+");
        } else if (type instanceof ParameterizedType some
                && Collection.class.isAssignableFrom((Class<?>) some.getRawType())) {
            Type element = some.getActualTypeArguments()[0];
            if (element instanceof Class<?> record && record.isRecord()) {
                addAll(name + "[0]", inFiles + "\\[\\d+]", variable + "_\\d+", record);
            } else {
                add(name, inFiles + "(\\[\\d+])?", variable + "(_\\d+)?");
            }
        } else if (type instanceof Class<?> record
                && record.isRecord()
                && record.getName().startsWith("routes.")) {
            addAll(name, inFiles, variable, record);
        } else {
            add(name, inFiles, variable);
        }
    }

    private void add(String name, String inFiles, String variable) {
        byName.put(name, new Written(Pattern.compile(inFiles), Pattern.compile(variable, Pattern.CASE_INSENSITIVE)));
    }

    private static String plain(String name) {
        return Pattern.quote(lowered(name));
    }

    private static String lowered(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[-_]", "");
    }

    private static String variable(String name) {
        return name.replace("-", "_?").replace('.', '_');
    }

    /** As in files and arguments: {@code opsbus.nats.data-dir}, {@code opsbus.nats.dataDir}. */
    boolean knows(String name) {
        String written = lowered(name);
        return byName.values().stream()
                .anyMatch(known -> known.inFiles.matcher(written).matches());
    }

    boolean knowsVariable(String name) {
        return byName.values().stream()
                .anyMatch(known -> known.variable.matcher(name).matches());
    }

    Set<String> names() {
        return byName.keySet();
    }

    /** As environment variables. */
    List<String> variables() {
        return byName.keySet().stream()
                .map(name ->
                        name.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_").replace("[0]", "_0"))
                .toList();
    }
}
