package routes.api.security;

import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import routes.nats.KeyValueState;
import routes.nats.NatsBus;

/**
 * The token of an opsbus for which none is configured: made by the first start, printed once, and kept as its hash in NATS, where restarts and other
 * replicas find it. Whoever stores it first has made it.
 */
final class FirstToken {

    static final String NAME = "admin";
    static final String KEY = "token/" + NAME;

    private static final Logger LOG = LoggerFactory.getLogger("token");
    private static final long AGAIN_MILLIS = 500;

    private final NatsBus bus;
    private final KeyValueState state;
    private final Tokens tokens = new Tokens(this::trouble);
    private final AtomicBoolean begun = new AtomicBoolean();
    /** The same for all attempts: one whose answer got lost has perhaps stored it. */
    private final String candidate = Token.random();
    private volatile String failure = "they are being read";

    FirstToken(NatsBus bus, KeyValueState state) {
        this.bus = bus;
        this.state = state;
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
        while (true) {
            try {
                tokens.know(List.of(readOrMakeOnce()));
                return;
            } catch (IOException e) {
                failure = e.getMessage();
                LOG.debug("the token can't be read yet: {}", e.getMessage());
            }
            try {
                Thread.sleep(AGAIN_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private Token readOrMakeOnce() throws IOException {
        String mine = Token.hash(candidate);
        boolean made = state.create(KEY, mine);
        String stored = made ? mine : state.get(KEY).orElseThrow(() -> new IOException("the token " + NAME + " was deleted just now"));
        Token token = new Token(NAME, stored, EnumSet.allOf(Role.class));
        if (stored.equals(mine)) {
            LOG.info("the token of this opsbus, printed this once, for the console and the API: {}", candidate);
        } else {
            LOG.info("the token \"{}\" was printed by the start that made it; if it is lost, configure one: docs/security.md", NAME);
        }
        return token;
    }
}
