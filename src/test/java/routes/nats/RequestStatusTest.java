package routes.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.nats.client.impl.Headers;
import io.nats.client.support.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What a server says of a request for messages: that it ended, which is no fault, or that none can be served. */
@ExtendWith(OutputCaptureExtension.class)
class RequestStatusTest {

    /** The words of nats-server 2.9.10 to 2.15.1; one that ends a request with a rest names it, whatever its words. */
    @ParameterizedTest
    @CsvSource({
        "404, No Messages, , 0",
        "408, Request Timeout, 7, 0",
        "408, Interest Expired, , 0",
        "408, Requests Pending, , 0",
        "409, Server Shutdown, , 0",
        "409, Message Size Exceeds MaxBytes, 5, 5",
        "409, Batch Completed, 0, 0",
        "409, Batch Completed, 3, 3",
        "409, Batch Completed, , 0",
        "409, Words Of A Later Version, 4, 4",
        "409, Leadership Change, , 2147483647"
    })
    void aRequestThatEndsIsNoFault(int code, String words, String pending, int notComing) throws Exception {
        assertThat(Pulls.notComing(new Status(code, words), pending)).isEqualTo(notComing);
    }

    @ParameterizedTest
    @CsvSource({
        "409, Consumer Deleted",
        "409, Consumer is push based",
        "409, Exceeded MaxRequestBatch of 5",
        "409, Exceeded MaxRequestExpires of 1s",
        "409, Exceeded MaxRequestMaxBytes of 9",
        "409, Exceeded MaxWaiting",
        "400, Bad Request",
        "423, Nats-Wrong-Pin-Id",
        "503, No Responders Available For Request"
    })
    void whatEndsTheDurableIsOne(int code, String words) {
        assertThatThrownBy(() -> Pulls.notComing(new Status(code, words), null))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(words);
    }

    /**
     * A backlog that is due later, asked for in small requests, as the retry levels do: newer servers tell that each is
     * complete.
     */
    @Test
    void aBacklogIsReadWithoutBindingAgain(@TempDir Path store, CapturedOutput output) throws Exception {
        try (NatsServer server = new NatsServer(store);
                NatsBus bus = server.bus();
                CamelContext camel = new DefaultCamelContext()) {
            Streams streams = new Streams(bus, JetStreamEndsTest.shape());
            streams.ensure();
            AtomicInteger arrived = new AtomicInteger();
            camel.addComponent("nats", new OpsNatsComponent(bus, streams));
            camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("nats:opsbus.retries.>?jetstreamEnabled=true&jetstreamName=opsbus-retries&durableName=level&maxInFlight=20&deliverAfter=300")
                            .process(exchange -> arrived.incrementAndGet());
                }
            });
            camel.start();
            for (int i = 0; i < 300; i++) {
                bus.publish("opsbus.retries.1s.a.b", new Headers(), new byte[100])
                        .join();
            }
            await().atMost(Duration.ofSeconds(60)).until(() -> arrived.get() >= 300);
            assertThat(output).doesNotContain("binding again");
            assertThat(arrived).hasValue(300);
        }
    }
}
