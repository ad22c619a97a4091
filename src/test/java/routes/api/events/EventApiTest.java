package routes.api.events;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import routes.nats.NatsBus;
import routes.nats.NatsServer;
import routes.nats.Streams;
import routes.nats.history.EventHistory;

/** The API on a real HTTP server and a real nats-server, with an empty stream before each test. */
@SpringBootTest(
        classes = EventApi.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "camel.main.routes-include-pattern=classpath:camel/failures.yaml,classpath:camel/push.yaml,classpath:camel/rest.yaml",
            "opsbus.cluster=Prod.1",
            "opsbus.security.enabled=false",
            "management.endpoint.health.group.readiness.include=readinessState"
        })
@DirtiesContext
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class EventApiTest {

    static final String POD = "/api/v1/namespaces/shop/events/pods.web-0.events";
    static final String POD_SUBJECT = "ops.clusters.prod_1.namespaces.shop.pods.web-0.events";

    static NatsServer server;

    @Autowired
    NatsBus bus;

    @Autowired
    Streams streams;

    @Autowired
    EventHistory history;

    @LocalServerPort
    int port;

    ApiClient api;

    @DynamicPropertySource
    static void nats(DynamicPropertyRegistry registry) throws Exception {
        server = new NatsServer(Files.createTempDirectory(Path.of("target"), "event-api-")
                .toAbsolutePath()); // asked before JUnit makes folders
        registry.add("opsbus.nats.url", server::url);
    }

    @BeforeEach
    void emptyStream() throws Exception {
        while (!bus.isConnected()) {
            Thread.sleep(20);
        }
        streams.ensure();
        bus.management().deleteStream(Streams.OPS); // a purge would leave the ids
        streams.ensure();
        api = new ApiClient(port);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }
}
