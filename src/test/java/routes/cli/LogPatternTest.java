package routes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.io.IOException;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.springframework.boot.logging.logback.ExtendedWhitespaceThrowableProxyConverter;
import org.springframework.core.io.support.PropertiesLoaderUtils;

/** Nothing from outside begins a line of the log, be it in a message or in an exception's. */
class LogPatternTest {

    private static final String FORGED = "2026-01-01T00:00:00.000Z INFO  token  forged";
    private static final List<String> BREAKS = List.of(
            "\n", "\r", "\r\n", "\n\n", "\n\t", "\u0085", "\u2028", "\u2029", "\u000b", "\f", "\u001b[2K", "\b", "\0");

    private static PatternLayout layout() throws IOException {
        Properties shipped = PropertiesLoaderUtils.loadAllProperties(
                "application.properties", LogPatternTest.class.getClassLoader());
        PatternLayout layout = new PatternLayout();
        layout.getInstanceConverterMap().put("wEx", ExtendedWhitespaceThrowableProxyConverter::new);
        layout.setContext(new LoggerContext());
        layout.setPattern(shipped.getProperty("logging.pattern.console"));
        layout.start();
        return layout;
    }

    @Test
    void whateverAnExceptionSaysItsLinesAreIndented() throws IOException {
        PatternLayout layout = layout();
        Random random = new Random(1);
        for (int i = 0; i < 2_000; i++) {
            StringBuilder text = new StringBuilder("begin");
            for (int part = random.nextInt(5); part >= 0; part--) {
                text.append(BREAKS.get(random.nextInt(BREAKS.size()))).append(FORGED);
            }
            Exception thrown = new IllegalStateException(text.toString(), new IOException(text.toString()));
            String written = layout.doLayout(new LoggingEvent(
                    "routes.X", new LoggerContext().getLogger("routes.X"), Level.ERROR, text.toString(), thrown, null));
            assertThat(written.split("[\n\r\u0085\u2028\u2029\u000b\f]"))
                    .filteredOn(line -> !line.isEmpty() && !Character.isWhitespace(line.charAt(0)))
                    .as(written)
                    .hasSize(1);
            assertThat(written)
                    .as("control characters")
                    .doesNotContain("\u001b", "\b", "\0")
                    .contains(
                            "    java.lang.IllegalStateException: begin",
                            "at routes.cli.LogPatternTest",
                            "Caused by: java.io.IOException");
        }
    }
}
