package routes.kubernetes;

import java.time.Instant;
import java.util.Optional;

/** When the cluster's events were last known to be watched without a gap, kept where it survives a restart. */
public interface LastSeen {

    /** Empty when nothing was ever written; throws when it can't be known now. */
    Optional<Instant> read();

    void write(Instant lastSeen);

    /**
     * When the cluster was watched for the first time, which the first one that asks writes down; empty when that was
     * before it was written down. Throws when it can't be known now.
     *
     * @param now taken when the cluster was never watched
     */
    Optional<Instant> firstWatch(Instant now);
}
