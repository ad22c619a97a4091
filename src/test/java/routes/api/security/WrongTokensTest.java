package routes.api.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import routes.api.rest.Answer;

class WrongTokensTest {

    private long now;
    private final WrongTokens wrong = new WrongTokens(() -> now);

    private Answer last(String address, int times) {
        for (int i = 1; i < times; i++) {
            wrong.another(address, "no");
        }
        return wrong.another(address, "no");
    }

    @Test
    void aboveTheLimitTheAnswerSaysWhenToComeAgain() {
        assertThat(last("10.0.0.1", WrongTokens.MOST))
                .satisfies(
                        answer -> assertThat(answer.status()).isEqualTo(401),
                        answer -> assertThat(answer.message()).isEqualTo("no"));
        Answer refused = last("10.0.0.1", 1);
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.headers().get("Retry-After")).isEqualTo("61");
        assertThat(last("10.0.0.2", 1).status()).as("another address").isEqualTo(401);
        now += TimeUnit.SECONDS.toNanos(61);
        assertThat(last("10.0.0.1", 1).status()).as("a minute later").isEqualTo(401);
    }

    @Test
    void aNetworkOfIpv6IsOneAddress() {
        assertThat(last("2001:db8::1", WrongTokens.MOST).status()).isEqualTo(401);
        assertThat(last("2001:db8::ffff:2", 1).status()).isEqualTo(429);
        assertThat(last("2001:db8:0:1::1", 1).status()).isEqualTo(401);
    }

    @Test
    void whoHasManyAddressesTakesNoMoreMemoryThanTheNewestOfThemNeed() {
        assertThat(last("10.0.0.1", WrongTokens.MOST + 1).status()).isEqualTo(429);
        for (int i = 0; i < 10_000; i++) {
            wrong.another("11." + i / 65_536 + "." + i / 256 % 256 + "." + i % 256, "no");
        }
        assertThat(last("10.0.0.1", 1).status()).as("forgotten").isEqualTo(401);
    }
}
