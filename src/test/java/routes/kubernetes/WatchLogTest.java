package routes.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class WatchLogTest {

    private long now;
    private final WatchLog watch = new WatchLog("the orchard", "apples fall", "", () -> now);

    @Test
    void aListThatTakesLongIsNoCutConnection(CapturedOutput log) {
        watch.listing();
        for (int seconds = 0; seconds < 60; seconds++) {
            watching(false);
        }
        assertThat(log.getOut()).isEmpty();
        watching(true);
        assertThat(log.getOut()).contains("Watching the orchard").doesNotContain("again");

        watch.listing();
        for (int seconds = 0; seconds < 60; seconds++) {
            watching(false);
        }
        watching(true);
        assertThat(log.getOut()).doesNotContain("cut");
    }

    @Test
    void oneThatStoodAndDoesNotComeBackWasCut(CapturedOutput log) {
        watch.listing();
        watching(true);
        for (int seconds = 0; seconds < 60; seconds++) {
            watching(false);
        }
        assertThat(log.getOut())
                .containsOnlyOnce(
                        "Can't watch the orchard: the connection was cut and does not come back. Trying again; apples fall");
        watching(true);
        assertThat(log.getOut()).containsOnlyOnce("Watching the orchard again");
    }

    private void watching(boolean is) {
        now += Duration.ofSeconds(1).toNanos();
        watch.watching(is);
    }
}
