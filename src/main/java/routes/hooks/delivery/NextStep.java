package routes.hooks.delivery;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.component.nats.NatsConstants;
import routes.nats.MessageRefusedException;
import routes.nats.WireHeaders;

/**
 * What becomes of a delivery next, by the name of a branch of the routes: {@value #ATTEMPT}, {@value #PUBLISH},
 * {@code deliver}, {@code retry}, {@code park} or {@code dead-letter}, of which an exchange property is there (the
 * exchange's variables are the hook's). Where that leads to a stream, the message is what is stored there.
 */
public final class NextStep implements Processor {

    /** Call the hook's route. */
    static final String ATTEMPT = "attempt";

    /** The same, of a hook that publishes. */
    public static final String PUBLISH = "publish";

    private static final String PROPERTY = "OpsbusNextStep";

    private final String name;
    private final String prefix;
    private final Delivery delivery;
    private final String messageId;
    private final Burial burial;

    /** @see #bury */
    private interface Burial {
        CompletableFuture<?> in(DeliveryStore store, MessageRefusedException refusal);
    }

    private NextStep(String name, String prefix, Delivery delivery, String messageId, Burial burial) {
        this.name = name;
        this.prefix = prefix;
        this.delivery = delivery;
        this.messageId = messageId;
        this.burial = burial;
    }

    /** A match, for whichever replica takes it. @param from where its event is */
    public static NextStep deliver(Delivery delivery, String from) {
        return new NextStep(
                "deliver",
                DeliveryStore.DELIVERIES,
                delivery,
                delivery.id(),
                (store, refusal) -> store.deliverSmaller(delivery, from, refusal));
    }

    static NextStep retry(RetryLevel level, Delivery delivery, String from) {
        return move("retry", DeliveryStore.RETRIES + level.name() + ".", delivery, from);
    }

    static NextStep park(Delivery delivery, String from) {
        return move("park", DeliveryStore.PARKED, delivery, from);
    }

    private static NextStep move(String name, String prefix, Delivery delivery, String from) {
        return new NextStep(
                name,
                prefix,
                delivery,
                delivery.id() + "/" + from,
                (store, refusal) -> store.bury(delivery, from, refusal));
    }

    /** @param from where the delivery, or its event, is */
    public static NextStep deadLetter(Delivery delivery, Failed failed, String from) {
        return deadLetter(store -> store.deadLetter(delivery, failed, from));
    }

    /** The same, and something follows once it is stored. */
    public static NextStep deadLetter(Delivery delivery, Failed failed, String from, Runnable then) {
        return deadLetter(store -> store.deadLetter(delivery, failed, from).thenRun(then));
    }

    /** @param store what stores it; the future fails when it may be stored later */
    public static NextStep deadLetter(Function<DeliveryStore, CompletableFuture<?>> store) {
        return new NextStep("dead-letter", null, null, null, (in, refusal) -> store.apply(in));
    }

    /** The step that was taken last. */
    static NextStep of(Exchange exchange) {
        return exchange.getProperty(PROPERTY, NextStep.class);
    }

    /** Its route was called, or will not be: neither of the branches that call it is next. */
    public static void called(Exchange exchange) {
        exchange.removeProperty(ATTEMPT);
        exchange.removeProperty(PUBLISH);
    }

    @Override
    public void process(Exchange exchange) {
        called(exchange);
        exchange.setProperty(name, true);
        exchange.setProperty(PROPERTY, this);
        Message message = exchange.getMessage();
        message.removeHeaders("*");
        if (delivery != null) {
            message.setBody(delivery.body());
            delivery.describe(message::setHeader);
            message.setHeader(WireHeaders.MESSAGE_ID, messageId);
            message.setHeader(NatsConstants.NATS_SUBJECT, prefix + Delivery.token(delivery.hook()));
        }
    }

    /**
     * Stores a dead letter, or what NATS refused to store, as what it will take. @param refusal null for what is a dead
     * letter anyway
     */
    CompletableFuture<?> bury(DeliveryStore store, MessageRefusedException refusal) {
        return burial.in(store, refusal);
    }
}
