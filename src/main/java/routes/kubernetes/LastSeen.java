package routes.kubernetes;

import java.time.Instant;
import java.util.Optional;

/** When the cluster's events were last known to be watched without a gap, kept where it survives a restart. */
public interface LastSeen {

    /** Empty when nothing was ever written; throws when it can't be known now. */
    Optional<Instant> read();

    void write(Instant lastSeen);
}
