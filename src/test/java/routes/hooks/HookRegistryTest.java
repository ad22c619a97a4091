package routes.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class HookRegistryTest {

    @Test
    void aFileOfWhichNoHookCanBeToldCountsAsRejectedOnce() {
        HookRegistry registry = new HookRegistry();
        Origin file = new Origin("hooks/a.yaml", 3, 1);
        registry.problems(List.of(new HookProblem(file, null, "no name"), new HookProblem(file, null, "no subject"), new HookProblem(file, "shop/a", "no url")));
        assertThat(registry.rejected()).isEqualTo(2);
    }
}
