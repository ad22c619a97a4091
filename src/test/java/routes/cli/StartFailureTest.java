package routes.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.web.server.PortInUseException;
import routes.api.security.SecurityProperties;
import routes.hooks.delivery.DeliveryProperties;
import routes.nats.NatsAddress;

class StartFailureTest {

    @Test
    void aPortInUseIsSaidWithTheWayOut() {
        Exception wrapped = new BeanCreationException("Failed to start bean", new PortInUseException(8080));
        assertThat(StartFailure.reason(wrapped))
                .hasValueSatisfying(line -> assertThat(line).contains("port 8080 is in use", "--server.port="));
    }

    @Test
    void whatSpringBootRefusesAndWhatCantBeReadIsOneLineToo() {
        assertThat(StartFailure.reason(
                        new InvalidConfigurationPropertyValueException("server.port", "8x", "not a\nnumber")))
                .hasValue("the property server.port is \"8x\": not a number");
        assertThat(StartFailure.reason(new BeanCreationException(
                        "Error creating bean", new java.nio.file.AccessDeniedException("/data"))))
                .hasValue("/data can't be used (access denied)");
    }

    @Test
    void aMessageOfOursIsSaidAsItIs() {
        Throwable ours = catchThrowable(() -> NatsAddress.parse("ftp://host"));
        assertThat(StartFailure.reason(new BeanCreationException("Error creating bean", ours)))
                .hasValue(ours.getMessage());
    }

    @Test
    void aValueOfTheWrongTypeIsSaidWithItsProperty() {
        assertThat(StartFailure.reason(bind("opsbus.delivery.in-flight", "many")))
                .hasValueSatisfying(line -> assertThat(line)
                        .contains("opsbus.delivery.in-flight", "\"many\"")
                        .doesNotContain("\n"));
    }

    @Test
    void aValueThatIsRefusedIsSaidWithTheReason() {
        assertThat(StartFailure.reason(bind("opsbus.delivery.retry-levels", "5s,1s")))
                .hasValueSatisfying(line -> assertThat(line).contains("opsbus.delivery.retry-levels must grow"));
        assertThat(StartFailure.reason(bind("opsbus.delivery.waiting", "1GB")))
                .hasValueSatisfying(line -> assertThat(line).contains("opsbus.delivery.waiting is 1024MB; write 0MB"));
    }

    /** With it nothing would be delivered, or one that fails be attempted without a rest, and nobody would say so. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "in-flight | 0 | in-flight is 0; it must be 1 or more",
                "in-flight | -1 | in-flight is -1; it must be 1 or more",
                "workers | 0 | workers is 0; it must be 1 or more",
                "retry-levels | 0s,5s | retry-levels begins with 0 ms; write a time of 1ms or more",
                "retry-levels | -5s | retry-levels begins with -5000 ms; write a time of 1ms or more"
            })
    void aBoundOfDeliveriesThatLeavesNoneIsRefused(String property, String value, String problem) {
        assertThat(StartFailure.reason(bind("opsbus.delivery." + property, value)))
                .hasValueSatisfying(line -> assertThat(line).contains("opsbus.delivery." + problem));
    }

    @Test
    void aTokenThatIsRefusedIsSaidWithoutItsText() {
        assertThat(StartFailure.reason(bindTokens(Map.of("name", "ci", "token", "hunter2"))))
                .hasValueSatisfying(line -> assertThat(line)
                        .contains("opsbus.security.tokens[0]", "\"ci\"", "at least 16", "openssl rand")
                        .doesNotContain("hunter2"));
        assertThat(StartFailure.reason(bindTokens(Map.of("name", "ci"))))
                .hasValueSatisfying(
                        line -> assertThat(line).contains("opsbus.security.tokens[0]", "\"ci\"", "at least 16"));
        assertThat(StartFailure.reason(bindTokens(Map.of("token", "abcdefghijklmnopqrst", "roles", "reed"))))
                .hasValueSatisfying(line -> assertThat(line)
                        .contains("opsbus.security.tokens[0].roles", "reed")
                        .doesNotContain("abcdef"));
        assertThat(StartFailure.reason(
                        bindTokens(Map.of("token", "abcdefghijklmnopqrst"), Map.of("token", "abcdefghijklmnopqrsu"))))
                .hasValueSatisfying(line -> assertThat(line)
                        .contains("two tokens have the name \"admin\"")
                        .doesNotContain("abcdef"));
    }

    @SafeVarargs
    private static Throwable bindTokens(Map<String, String>... tokens) {
        Map<String, String> properties = new HashMap<>();
        for (int i = 0; i < tokens.length; i++) {
            String token = "opsbus.security.tokens[" + i + "].";
            tokens[i].forEach((name, value) -> properties.put(token + name, value));
        }
        Binder binder = new Binder(new MapConfigurationPropertySource(properties));
        return catchThrowable(() -> binder.bindOrCreate("opsbus.security", Bindable.of(SecurityProperties.class)));
    }

    @Test
    void whatNobodyForesawIsLeftToSpringBoot() {
        assertThat(StartFailure.reason(catchThrowable(() -> Integer.parseInt("x"))))
                .isEmpty();
        assertThat(StartFailure.reason(new NullPointerException())).isEmpty();
    }

    private static Throwable bind(String property, String value) {
        Binder binder = new Binder(new MapConfigurationPropertySource(Map.of(property, value)));
        return catchThrowable(() -> binder.bindOrCreate("opsbus.delivery", Bindable.of(DeliveryProperties.class)));
    }
}
