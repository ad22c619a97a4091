package routes.api.security;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import routes.api.rest.Answer;

/**
 * How often each address came with a token that is none. Above the limit the answer is 429 instead of 401; a token that
 * is right is not asked about here, so that nobody, also behind a proxy whose address all share, is locked out by
 * somebody else's guesses.
 */
final class WrongTokens {

    /** Of one address within a minute. */
    static final int MOST = 300;

    private static final Logger LOG = LoggerFactory.getLogger("token");
    private static final int ADDRESSES = 10_000;
    private static final int IPV6_NETWORK = 8;
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    private final LongSupplier nanos;
    private final Map<InetAddress, Count> counts = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<InetAddress, Count> eldest) {
            return size() > ADDRESSES;
        }
    };

    private static final class Count {
        private long since;
        private int wrong;
    }

    WrongTokens(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** What to answer to one more. @param message what a person reads who mistyped */
    synchronized Answer another(String address, String message) {
        long now = nanos.getAsLong();
        Count count = counts.computeIfAbsent(network(address), first -> new Count());
        if (count.wrong == 0 || now - count.since > MINUTE) {
            count.since = now;
            count.wrong = 0;
        }
        count.wrong++;
        if (count.wrong <= MOST) {
            return Answer.failed(401, message);
        }
        if (count.wrong == MOST + 1) {
            LOG.warn(
                    "{} wrong tokens came from {} within a minute; until that is over its next ones are answered 429, and right ones are served",
                    MOST,
                    address);
        }
        long seconds = TimeUnit.NANOSECONDS.toSeconds(MINUTE - (now - count.since)) + 1;
        return new Answer(
                429,
                "too many wrong tokens came from your address; try again in " + seconds
                        + " s, or come with the right one now",
                null,
                Map.of("Retry-After", Long.toString(seconds)));
    }

    /** Who has one address of IPv6 has its whole network. */
    private static InetAddress network(String address) {
        try {
            InetAddress parsed = InetAddress.getByName(address); // a literal
            if (!(parsed instanceof Inet6Address)) {
                return parsed;
            }
            byte[] bytes = parsed.getAddress();
            Arrays.fill(bytes, IPV6_NETWORK, bytes.length, (byte) 0);
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            return InetAddress.getLoopbackAddress(); // Tomcat gives no other
        }
    }
}
