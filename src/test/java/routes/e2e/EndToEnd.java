package routes.e2e;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import routes.nats.NatsBus;
import routes.nats.NatsServer;

/**
 * For the tests of one class a nats-server, opsbus as a process and an endpoint, all real. The class starts opsbus when
 * it has said how; its log stays in target/.
 */
abstract class EndToEnd {

    @TempDir
    static Path home;

    static NatsServer server;
    static NatsBus bus;
    static Inbox inbox;
    static OpsbusProcess opsbus;

    @BeforeAll
    static void around() throws Exception {
        server = new NatsServer(home.resolve("nats"));
        bus = server.bus();
        inbox = new Inbox();
        opsbus = new OpsbusProcess(home, server.url());
    }

    @AfterAll
    static void end(TestInfo test) throws Exception {
        opsbus.close();
        Files.copy(
                opsbus.log(),
                Path.of("target", test.getTestClass().orElseThrow().getSimpleName() + "-opsbus.log"),
                StandardCopyOption.REPLACE_EXISTING);
        inbox.close();
        bus.close();
        server.close();
    }
}
