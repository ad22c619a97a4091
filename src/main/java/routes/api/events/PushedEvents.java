package routes.api.events;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.nats.client.api.PublishAck;
import io.nats.client.impl.Headers;
import io.nats.client.support.NatsJetStreamConstants;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.LongAdder;
import org.springframework.stereotype.Component;
import routes.api.rest.Answer;
import routes.api.rest.ApiException;
import routes.event.OpsEvent;
import routes.event.Subject;
import routes.nats.MessageRefusedException;
import routes.nats.NatsBus;
import routes.nats.WireHeaders;

/** Stores what was pushed in stream {@code ops}. The answer comes when the server has all of it; it is the same when it was pushed before. */
@Component
public final class PushedEvents implements MeterBinder {

    private static final int MOST_EVENTS = 1_000;

    private final NatsBus bus;
    private final LongAdder published = new LongAdder();

    public PushedEvents(NatsBus bus) {
        this.bus = bus;
    }

    /**
     * @param event     on its subject
     * @param messageId pushed again with the same one within the stream's duplicate window, it is stored once
     */
    public record Pushed(OpsEvent event, String messageId) {
    }

    /** @throws ApiException when there are too many, or a subject is none that can be published to */
    public void check(List<Pushed> events) {
        if (events.size() > MOST_EVENTS) {
            throw new ApiException(413, "a request with " + events.size() + " events; send at most " + MOST_EVENTS + " at a time");
        }
        for (Pushed pushed : events) {
            Subject.unpublishable(pushed.event.subject()).ifPresent(problem -> {
                throw ApiException.bad("subject " + problem);
            });
        }
    }

    /**
     * @param batch whether the answer is a list
     * @throws ApiException when an event can't be published; then nothing was stored
     * @throws IOException  when NATS is away or did not take all of it: the client pushes it again, and what was stored is not stored twice
     */
    public Answer store(List<Pushed> events, boolean batch) throws IOException {
        check(events);
        long most = bus.connection().getMaxPayload();
        for (Pushed pushed : events) {
            long size = (long) pushed.event.payload().length + headers(pushed).serializedLength();
            if (size > most) {
                throw new ApiException(413, "an event of " + size + " bytes, and NATS takes " + most + " at most (its max_payload); nothing was stored");
            }
        }
        List<CompletableFuture<PublishAck>> acks = events.stream().map(pushed -> bus.publish(pushed.event.subject(), headers(pushed), pushed.event.payload())).toList();
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < acks.size(); i++) {
            list.add(stored(events.get(i).event, ack(acks.get(i), acks)));
        }
        return Answer.ok(batch ? JsonNodeFactory.instance.objectNode().set("list", list) : list.get(0));
    }

    private static Headers headers(Pushed pushed) {
        Headers headers = new Headers();
        headers.put(NatsJetStreamConstants.MSG_ID_HDR, WireHeaders.encode(pushed.messageId));
        return headers;
    }

    private static PublishAck ack(CompletableFuture<PublishAck> ack, List<CompletableFuture<PublishAck>> all) throws IOException {
        try {
            return ack.join();
        } catch (CompletionException e) {
            MessageRefusedException refused = MessageRefusedException.in(e);
            long stored = all.stream().filter(other -> other.handle((done, failure) -> failure == null).join()).count();
            if (refused != null) { // and would be refused each time it is pushed again
                throw new ApiException(413, refused.getMessage() + "; " + stored + " of " + all.size() + " events are stored");
            }
            throw new IOException("NATS stored " + stored + " of " + all.size() + (all.size() == 1 ? " event" : " events") + ": " + e.getCause().getMessage(), e.getCause());
        }
    }

    private ObjectNode stored(OpsEvent event, PublishAck ack) {
        if (!ack.isDuplicate()) {
            published.increment();
        }
        return JsonNodeFactory.instance.objectNode().put("id", event.id()).put("subject", event.subject())
                .put("sequence", ack.getSeqno()).put("duplicate", ack.isDuplicate());
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        FunctionCounter.builder("opsbus.events.published", published, LongAdder::sum)
                .description("Operations events stored by NATS, without those it had already").tag("source", "http").register(registry);
    }
}
