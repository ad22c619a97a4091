package routes.hooks.http;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** Hook types for the tests of one class, and an endpoint for each test. */
abstract class CallsEndpoint {

    static HookCall hooks;
    RecordingEndpoint endpoint;

    @BeforeAll
    static void startCamel() throws Exception {
        hooks = new HookCall(HookCall.QUICK);
    }

    @AfterAll
    static void stopCamel() throws Exception {
        hooks.close();
    }

    @BeforeEach
    void startEndpoint() throws Exception {
        endpoint = new RecordingEndpoint();
    }

    @AfterEach
    void stopEndpoint() throws Exception {
        endpoint.close();
    }
}
