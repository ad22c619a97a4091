package routes.kubernetes;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import routes.event.OpsEvent;
import routes.nats.MessageTooLargeException;
import routes.nats.SeldomLog;
import routes.nats.WireHeaders;

/** The step of route {@code kubernetes-events} that cuts an event which NATS found too large, until it fits. */
@Component("kubernetesEventCut")
public class KubernetesEventCut implements Processor {

    private static final Logger LOG = LoggerFactory.getLogger(KubernetesEventCut.class);

    /**
     * Bytes that are left for what a hook of type {@code event} adds: id, subject, the hooks that it passed through.
     */
    private static final int FORWARDED = 4 << 10;

    private final Counter truncated;
    private final SeldomLog log = new SeldomLog();

    public KubernetesEventCut(MeterRegistry metrics) {
        this.truncated = Counter.builder("opsbus.events.truncated")
                .tag("source", "kubernetes")
                .description("events that were cut, since NATS would not take all of them")
                .register(metrics);
    }

    /** @throws MessageTooLargeException when not even its envelope fits */
    @Override
    public void process(Exchange exchange) throws MessageTooLargeException {
        Message message = exchange.getMessage();
        MessageTooLargeException tooLarge =
                exchange.getProperty(Exchange.EXCEPTION_CAUGHT, MessageTooLargeException.class);
        byte[] payload = message.getBody(byte[].class);
        long headers = tooLarge.bytes() - payload.length;
        String id = message.getHeader(WireHeaders.MESSAGE_ID, String.class);
        OpsEvent event = OpsEvent.parse(message.getHeader("CamelNatsSubject", String.class), payload, id);
        long room = Math.min(FORWARDED, tooLarge.most() / 16);
        byte[] cut = event.cutTo((int) Math.max(0, Math.min(payload.length, tooLarge.most() - headers - room)))
                .orElseThrow(() -> tooLarge)
                .payload();
        message.setBody(cut);
        truncated.increment();
        log.say(
                "cut",
                more -> LOG.warn(
                        "Kubernetes event {} is cut from {} to {} bytes: {}{}",
                        id,
                        payload.length,
                        cut.length,
                        tooLarge.getMessage(),
                        more));
    }
}
