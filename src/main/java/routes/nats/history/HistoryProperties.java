package routes.nats.history;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Reading what streams hold: queries, explain, trials, dead letters.
 *
 * @param threads requests that read at the same time
 * @param queue requests that wait for their turn; who comes then gets 429
 * @param perToken requests of one token that read, wait, or have their answer sent; more get 429
 * @param maxMessages about so many messages are read for one request; then the answer says where it stopped
 * @param maxBytes the same of their bytes
 * @param index of so many events id and subject are kept in memory, 12 bytes each and each subject once; older ones are
 *     searched
 */
@ConfigurationProperties("opsbus.history")
public record HistoryProperties(
        @DefaultValue("2") int threads,
        @DefaultValue("16") int queue,
        @DefaultValue("8") int perToken,
        @DefaultValue("200000") long maxMessages,
        @DefaultValue("256MB") DataSize maxBytes,
        @DefaultValue("4000000") int index) {

    public HistoryProperties {
        atLeastOne("threads", threads);
        atLeastOne("queue", queue);
        atLeastOne("per-token", perToken);
        atLeastOne("max-messages", maxMessages);
        atLeastOne("max-bytes", maxBytes.toBytes());
        atLeastOne("index", index);
    }

    private static void atLeastOne(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException("opsbus.history." + name + " is " + value + "; it must be 1 or more");
        }
    }

    /** How many requests there may be at the same time in all. */
    public int places() {
        return threads + queue;
    }
}
