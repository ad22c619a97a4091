package routes.api.events;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nats.client.api.PublishAck;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.springframework.stereotype.Component;
import routes.api.rest.Answer;
import routes.api.rest.ApiException;
import routes.event.OpsEvent;
import routes.event.Subject;
import routes.nats.MessageTooLargeException;
import routes.nats.NatsBus;
import routes.nats.WireHeaders;

/** Stores what was pushed in stream {@code ops}. The answer comes when the server has all of it; it is the same when it was pushed before. */
@Component
public final class PushedEvents {

    private static final String MESSAGE_ID = "Nats-Msg-Id";

    private final NatsBus bus;

    public PushedEvents(NatsBus bus) {
        this.bus = bus;
    }

    /**
     * @param event     on its subject
     * @param messageId pushed again with the same one within the stream's duplicate window, it is stored once
     */
    public record Pushed(OpsEvent event, String messageId) {
    }

    /** @throws ApiException when a subject is none that can be published to, or an event is too large; then nothing was stored */
    public void check(List<Pushed> events) {
        for (Pushed pushed : events) {
            String subject = pushed.event.subject();
            if (!subject.startsWith("ops.") || !Subject.isConcrete(subject)) {
                throw ApiException.bad("\"" + subject + "\" is no subject of an event: it starts with ops., has no empty token, wildcard, white space or control character");
            }
        }
    }

    /** @throws IOException when NATS is away or did not take all of it: the client pushes it again, and what was stored is not stored twice */
    public Answer store(List<Pushed> events, boolean batch) throws IOException {
        check(events);
        List<CompletableFuture<PublishAck>> acks = events.stream().map(this::publish).toList();
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < acks.size(); i++) {
            list.add(stored(events.get(i).event, ack(acks.get(i))));
        }
        return Answer.ok(batch ? JsonNodeFactory.instance.objectNode().set("list", list) : list.get(0));
    }

    private CompletableFuture<PublishAck> publish(Pushed pushed) {
        Headers headers = new Headers();
        headers.put(MESSAGE_ID, WireHeaders.encode(pushed.messageId));
        return bus.publish(pushed.event.subject(), headers, pushed.event.payload());
    }

    private static PublishAck ack(CompletableFuture<PublishAck> ack) throws IOException {
        try {
            return ack.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof MessageTooLargeException large) {
                throw new ApiException(413, large.getMessage());
            }
            throw new IOException("NATS did not store it: " + e.getCause().getMessage(), e.getCause());
        }
    }

    private static ObjectNode stored(OpsEvent event, PublishAck ack) {
        return JsonNodeFactory.instance.objectNode().put("id", event.id()).put("subject", event.subject())
                .put("sequence", ack.getSeqno()).put("duplicate", ack.isDuplicate());
    }
}
