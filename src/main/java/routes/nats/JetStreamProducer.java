package routes.nats;

import io.nats.client.api.PublishAck;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.nats.NatsConstants;
import org.apache.camel.component.nats.NatsEndpoint;
import org.apache.camel.support.DefaultAsyncProducer;

/**
 * Publishes to JetStream without waiting: the exchange completes with the server's PubAck, or fails when there was
 * none. The subject is the header {@code CamelNatsSubject}, else the endpoint's; the message id is the header
 * {@code Nats-Msg-Id}, as it is: like all headers it is encoded here, and nowhere before.
 *
 * <p>A body that is a list of messages is published as such, each message with its own headers, in their order and
 * without waiting in between; of the exchange's own message nothing is sent. The exchange completes when NATS has said
 * of each what became of it, and fails with what the first one failed with that was not stored.
 */
public final class JetStreamProducer extends DefaultAsyncProducer {

    /** Set on a message after success: whether the stream already had a message with this id. */
    public static final String DUPLICATE = "OpsbusDuplicate";

    /** And the sequence it has there; so it is what tells of a list's messages which were stored. */
    public static final String SEQUENCE = "OpsbusSequence";

    /**
     * Messages of lists that NATS has not answered yet, of all lists together; a newer server holds 10,000 of
     * everybody's.
     */
    private static final int MOST_UNANSWERED = 1_000;

    /** Of a list; before the next ones it is looked whether these failed. */
    private static final int AT_ONCE = 100;

    private final NatsEndpoint endpoint;
    private final WireHeaders headers;
    private final NatsBus bus;
    private final Streams streams;
    private final Semaphore unanswered = new Semaphore(MOST_UNANSWERED, true);

    JetStreamProducer(NatsEndpoint endpoint, NatsBus bus, Streams streams) {
        super(endpoint);
        this.endpoint = endpoint;
        this.headers = WireHeaders.of(endpoint.getHeaderFilterStrategy());
        this.bus = bus;
        this.streams = streams;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        try {
            Message message = exchange.getMessage();
            CompletableFuture<Void> stored = message.getBody() instanceof List<?> list && isOfMessages(list)
                    ? publishAll(list, exchange)
                    : publish(message, exchange);
            stored.whenComplete((nothing, failure) -> complete(exchange, failure, callback));
        } catch (Exception e) {
            exchange.setException(e);
            callback.done(true);
            return true;
        }
        return false;
    }

    private static boolean isOfMessages(List<?> list) {
        return list.stream().allMatch(Message.class::isInstance);
    }

    private CompletableFuture<Void> publish(Message message, Exchange exchange) throws Exception {
        String subject = message.getHeader(
                NatsConstants.NATS_SUBJECT, endpoint.getConfiguration().getTopic(), String.class);
        Headers wire = headers.toWire(message.getHeaders(), exchange);
        byte[] body = message.getBody() == null
                ? new byte[0]
                : exchange.getContext()
                        .getTypeConverter()
                        .mandatoryConvertTo(byte[].class, exchange, message.getBody());
        return bus.publish(subject, wire, body).thenAccept(ack -> stored(message, ack));
    }

    private static void stored(Message message, PublishAck ack) {
        message.setHeader(DUPLICATE, ack.isDuplicate());
        message.setHeader(SEQUENCE, ack.getSeqno());
    }

    /** Waits, while too many are unanswered. */
    private CompletableFuture<Void> publishAll(List<?> messages, Exchange exchange) throws Exception {
        List<CompletableFuture<Void>> each = new ArrayList<>(messages.size());
        for (int from = 0; from < messages.size() && !hasFailed(each); from += AT_ONCE) {
            List<?> next = messages.subList(from, Math.min(from + AT_ONCE, messages.size()));
            if (!unanswered.tryAcquire(next.size(), bus.publishTimeout().toMillis(), TimeUnit.MILLISECONDS)) {
                each.add(CompletableFuture.failedFuture(new IOException(
                        "NATS has not answered yet whether it has stored " + MOST_UNANSWERED + " other messages")));
                break;
            }
            for (Object message : next) {
                each.add(publishNext((Message) message, exchange));
            }
        }
        return CompletableFuture.allOf(each.toArray(CompletableFuture[]::new))
                .exceptionallyCompose(some -> each.stream()
                        .filter(CompletableFuture::isCompletedExceptionally)
                        .findFirst()
                        .orElseThrow());
    }

    private CompletableFuture<Void> publishNext(Message message, Exchange exchange) {
        CompletableFuture<Void> stored;
        try {
            stored = publish(message, exchange);
        } catch (Exception e) {
            stored = CompletableFuture.failedFuture(e);
        }
        return stored.whenComplete((nothing, failure) -> unanswered.release());
    }

    private static boolean hasFailed(List<CompletableFuture<Void>> published) {
        return published.stream().anyMatch(CompletableFuture::isCompletedExceptionally);
    }

    private void complete(Exchange exchange, Throwable failure, AsyncCallback callback) {
        if (failure != null) {
            exchange.setException(
                    failure instanceof CompletionException && failure.getCause() != null
                            ? failure.getCause()
                            : failure);
            if (String.valueOf(failure.getMessage()).contains(NotStored.NO_STREAM)) {
                streams.ensureSoon();
            }
        }
        callback.done(false);
    }
}
