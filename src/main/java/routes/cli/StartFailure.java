package routes.cli;

import java.net.InetAddress;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.convert.ConversionException;
import org.springframework.util.ClassUtils;
import org.springframework.util.unit.DataSize;

/**
 * Says in one line on standard error why opsbus does not start, when the reason is one that its user can mend; anything
 * else is left to Spring Boot, which logs it at length. Registered in {@code META-INF/spring.factories}.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class StartFailure implements SpringBootExceptionReporter {

    private static final Map<Class<?>, String> EXPECTED = Map.of(
            Boolean.class,
            "true or false",
            Number.class,
            "a whole number",
            Duration.class,
            "a time such as 500ms, 30s or 5m",
            DataSize.class,
            "a size such as 512KB or 10MB",
            InetAddress.class,
            "an address of this machine, such as 127.0.0.1, or 0.0.0.0 for all",
            Instant.class,
            "a time such as 2026-01-31T08:00:00Z");

    @Override
    public boolean reportException(Throwable failure) {
        Optional<String> reason = reason(failure);
        reason.ifPresent(line -> System.err.println("opsbus: " + line));
        return reason.isPresent();
    }

    static Optional<String> reason(Throwable failure) {
        List<Throwable> causes = new ArrayList<>();
        for (Throwable cause = failure; cause != null && !causes.contains(cause); cause = cause.getCause()) {
            causes.add(cause);
        }
        for (Throwable cause : causes) {
            if (cause instanceof PortInUseException port) {
                return Optional.of(StartChecks.inUse(port.getPort(), "server.port"));
            }
            if (cause instanceof BindException property) {
                return Optional.of(describe(property, causes.get(causes.size() - 1)));
            }
            if (cause instanceof InvalidConfigurationPropertyValueException value) {
                return Optional.of("the property " + value.getName() + " is \"" + value.getValue() + "\": "
                        + oneLine(value.getReason()));
            }
            if (cause instanceof FileSystemException file && file.getFile() != null) {
                return Optional.of(file.getFile() + " can't be used (" + reason(file) + ")");
            }
            if (isOurs(cause)) {
                return Optional.of(cause.getMessage());
            }
        }
        return Optional.empty();
    }

    private static String describe(BindException bind, Throwable root) {
        String written =
                bind.getProperty() == null ? "" : " is \"" + bind.getProperty().getValue() + "\"";
        String name = bind.getProperty() == null
                ? bind.getName().toString()
                : bind.getProperty().getName().toString();
        boolean conversion = root instanceof ConversionException || bind.getCause() instanceof ConversionException;
        return "the property " + name + written + ": "
                + (conversion
                        ? "write " + expected(bind.getTarget().getType().resolve(Object.class))
                        : oneLine(root.getMessage()));
    }

    /** What a value of this type looks like. */
    private static String expected(Class<?> type) {
        if (type.isEnum()) {
            return "one of "
                    + Stream.of(type.getEnumConstants())
                            .map(one -> one.toString().toLowerCase(Locale.ROOT))
                            .collect(Collectors.joining(", "));
        }
        return EXPECTED.entrySet().stream()
                .filter(kind -> kind.getKey().isAssignableFrom(ClassUtils.resolvePrimitiveIfNecessary(type)))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("a value as docs/configuration.md has it");
    }

    private static String reason(FileSystemException file) {
        return file.getReason() != null
                ? file.getReason()
                : file.getClass()
                        .getSimpleName()
                        .replaceAll("([a-z])([A-Z])", "$1 $2")
                        .replace(" Exception", "")
                        .toLowerCase(Locale.ROOT);
    }

    private static String oneLine(String message) {
        return String.valueOf(message).replaceAll("\\s+", " ").strip();
    }

    /** Written by us for people: thrown on purpose, not by what we call. */
    private static boolean isOurs(Throwable cause) {
        StackTraceElement[] stack = cause.getStackTrace();
        boolean chosen = cause instanceof IllegalArgumentException
                || cause instanceof IllegalStateException
                || cause.getClass() == java.io.IOException.class;
        return chosen && stack.length > 0 && stack[0].getClassName().startsWith("routes.");
    }
}
