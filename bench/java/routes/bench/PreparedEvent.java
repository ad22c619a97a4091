package routes.bench;

import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import routes.event.OpsEvent;
import routes.kubernetes.KubernetesOpsEvent;

/**
 * An event as opsbus itself publishes it, made once and published many times, each time under an id of its own.
 *
 * @param body CloudEvent in JSON whose id ends with {@link #DIGITS} digits
 * @param idAt where these digits are in the body
 * @param idStart the id up to them
 * @param hooks numbers of the hooks that want it
 */
record PreparedEvent(String subject, byte[] body, int idAt, String idStart, String text, List<Integer> hooks) {

    static final int DIGITS = 12;

    private static final OffsetDateTime TIME = OffsetDateTime.parse("2026-01-01T00:00:00Z");
    private static final String NO_NUMBER = "0".repeat(DIGITS);
    private static final String STACK = "\n\tat com.example.%s.Handler.handle(Handler.java:%d)";

    /** @param bytes size of the body; a shorter one gets a stack trace at the end of its message. 0: as it is */
    static PreparedEvent of(KubernetesObject object, EventPhrase phrase, String message, int bytes, Random random) {
        PreparedEvent event = of(object, phrase, message, new UUID(random.nextLong(), random.nextLong()));
        if (event.body.length >= bytes) {
            return event;
        }
        StringBuilder longer = new StringBuilder(message);
        for (int missing = bytes - event.body.length; missing > 0; ) {
            String line = STACK.formatted(object.service(), 100 + random.nextInt(900));
            longer.append(line);
            missing -= line.length() + 2; // line break and tab are two bytes each in JSON
        }
        return of(object, phrase, longer.toString(), new UUID(random.nextLong(), random.nextLong()));
    }

    private static PreparedEvent of(KubernetesObject object, EventPhrase phrase, String message, UUID uid) {
        Event event = new EventBuilder()
                .withNewMetadata()
                .withName(object.name() + ".18"
                        + Long.toHexString(uid.getMostSignificantBits()).substring(0, 6))
                .withNamespace(object.namespace())
                .withUid(uid.toString())
                .withResourceVersion(NO_NUMBER)
                .endMetadata()
                .withType(phrase.type())
                .withReason(phrase.reason())
                .withNote(message)
                .withEventTime(new MicroTime("2026-01-01T00:00:00.000000Z"))
                .withDeprecatedCount(1)
                .withReportingController(phrase.from())
                .withNewRegarding()
                .withApiVersion("v1")
                .withKind(object.kind())
                .withNamespace(object.namespace())
                .withName(object.name())
                .withUid(UUID.nameUUIDFromBytes(object.name().getBytes(StandardCharsets.UTF_8))
                        .toString())
                .endRegarding()
                .build();
        OpsEvent ops = KubernetesOpsEvent.of(event, object.cluster(), TIME);
        String idStart = ops.id().substring(0, ops.id().length() - DIGITS);
        int idAt =
                new String(ops.payload(), StandardCharsets.ISO_8859_1).indexOf(idStart + NO_NUMBER) + idStart.length();
        return new PreparedEvent(ops.subject(), ops.payload(), idAt, idStart, ops.text(), List.of());
    }

    PreparedEvent wantedBy(List<Integer> numbers) {
        return new PreparedEvent(subject, body, idAt, idStart, text, numbers);
    }

    /** To be published once: the event with this number at the end of its id, which is the message id too. */
    Message message(long number) {
        byte[] copy = body.clone();
        byte[] digits = new byte[DIGITS];
        long rest = number;
        for (int i = DIGITS - 1; i >= 0; i--) {
            digits[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        System.arraycopy(digits, 0, copy, idAt, DIGITS);
        Headers headers = new Headers();
        headers.put("Nats-Msg-Id", idStart + new String(digits, StandardCharsets.ISO_8859_1));
        return NatsMessage.builder()
                .subject(subject)
                .headers(headers)
                .data(copy)
                .build();
    }

    /** The number of the event that a delivery is of: its id is {@code {event id}/{hook namespace}/{hook name}}. */
    static long numberOf(String deliveryId) {
        int end = deliveryId.lastIndexOf('/', deliveryId.lastIndexOf('/') - 1);
        return Long.parseLong(deliveryId, end - DIGITS, end, 10);
    }
}
