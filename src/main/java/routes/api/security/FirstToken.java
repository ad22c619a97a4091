package routes.api.security;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import routes.event.OpsEvent;
import routes.event.Subject;
import routes.nats.KeyValueState;
import routes.nats.KeyValueState.Entry;
import routes.nats.NatsBus;
import routes.nats.WireHeaders;

/**
 * The token of an opsbus for which none is configured: made by the first start, printed once, and kept as its hash in
 * NATS, where restarts and other replicas find it. Whoever stores it first has made it. Who may write that key could
 * plant a token of their own: so what is no hash is not taken, a key that is written again changes nothing in a process
 * that runs, and is told in the log and as a finding.
 */
final class FirstToken {

    static final String NAME = "admin";
    static final String KEY = "token/" + NAME;

    private static final Logger LOG = LoggerFactory.getLogger("token");
    private static final long AGAIN_MILLIS = 500;
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

    private final NatsBus bus;
    private final KeyValueState state;
    private final Tokens tokens = new Tokens(this::trouble);
    private final String cluster;
    private final Duration lookEvery;
    private final AtomicBoolean begun = new AtomicBoolean();
    /** The same for all attempts: one whose answer got lost has perhaps stored it. */
    private final String candidate = Token.random();

    private volatile String failure = "they are being read";

    /** @param cluster of the finding */
    FirstToken(NatsBus bus, KeyValueState state, String cluster, Duration lookEvery) {
        this.bus = bus;
        this.state = state;
        this.cluster = cluster;
        this.lookEvery = lookEvery;
    }

    /** Known as soon as NATS is there. */
    Tokens tokens() {
        bus.onConnected(() -> {
            if (begun.compareAndSet(false, true)) {
                Thread reader = new Thread(this::readOrMake, "first-token");
                reader.setDaemon(true);
                reader.start();
            }
        });
        return tokens;
    }

    private String trouble() {
        return bus.isConnected() ? failure : bus.trouble();
    }

    private void readOrMake() {
        Optional<Entry> known = Optional.empty();
        while (true) {
            try {
                if (known.isEmpty()) {
                    known = Optional.of(readOrMakeOnce());
                } else {
                    known = Optional.of(tellIfChanged(known.get()));
                }
            } catch (IOException e) {
                if (known.isEmpty() && !failure.equals(e.getMessage()) && bus.isConnected()) {
                    LOG.warn("{}", e.getMessage());
                }
                failure = String.valueOf(e.getMessage());
            }
            try {
                Thread.sleep(known.isEmpty() ? AGAIN_MILLIS : lookEvery.toMillis());
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** @return what is to be compared with the next time */
    private Entry tellIfChanged(Entry known) throws IOException {
        Entry now = state.entry(KEY).orElse(new Entry("", 0));
        if (now.equals(known)) {
            return known;
        }
        String what = now.value().isEmpty()
                ? "was deleted"
                : "was written again, by somebody else than the opsbus that made it";
        String message = "the key " + KEY + " of the NATS bucket opsbus " + what
                + ": this process keeps the token it knows, one that starts takes what is there then."
                + " If it was not you, take the right to write $KV.opsbus.> from whom it was, and configure a token: docs/security.md";
        LOG.warn("{}", message);
        OpsEvent finding = finding(message, now.revision());
        bus.publish(finding.subject(), WireHeaders.withId(finding.id()), finding.payload())
                .whenComplete((ack, e) -> {
                    if (e != null) {
                        LOG.warn("it could not be published as a finding: {}", e.getMessage());
                    }
                });
        return now;
    }

    private OpsEvent finding(String message, long revision) {
        ObjectNode data = JsonNodeFactory.instance
                .objectNode()
                .put("cluster", cluster)
                .put("host", cluster)
                .put("kind", "opsbus-token")
                .put("message", message)
                .put("status", "alerting")
                .put("type", "TaskRunReport");
        return OpsEvent.of(
                cluster + "/opsbus-token/" + (revision == 0 ? Instant.now() : revision),
                "TaskRunReport",
                Subject.ofKubernetes(cluster, null, "clusters", cluster, "findings"),
                cluster,
                OffsetDateTime.now(ZoneOffset.UTC),
                data);
    }

    private Entry readOrMakeOnce() throws IOException {
        String mine = Token.hash(candidate);
        boolean made = state.create(KEY, mine);
        Entry stored =
                state.entry(KEY).orElseThrow(() -> new IOException("the token " + NAME + " was deleted just now"));
        if (!HASH.matcher(stored.value()).matches()) {
            throw new IOException(
                    "the key " + KEY
                            + " of the NATS bucket opsbus holds no hash of a token, so opsbus did not write it; delete it, and see in docs/security.md who may write there");
        }
        if (made && !stored.value().equals(mine)) {
            throw new IOException(
                    "the key " + KEY
                            + " of the NATS bucket opsbus was overwritten as soon as it was made; see in docs/security.md who may write there");
        }
        tokens.know(List.of(new Token(NAME, stored.value(), EnumSet.allOf(Role.class))));
        if (stored.value().equals(mine)) {
            LOG.info("the token of this opsbus, printed this once, for the console and the API: {}", candidate);
        } else {
            LOG.info(
                    "the token \"{}\" was printed by the start that made it; if it is lost, configure one: docs/security.md",
                    NAME);
        }
        return stored;
    }
}
