package routes.hooks.match;

import java.time.Duration;

/** CPU time that may be spent. */
interface CpuAllowance {

    /** @return whether some is left after this */
    boolean spend(long nanos);

    /** So much, once. For one thread. */
    static CpuAllowance of(Duration time) {
        return new CpuAllowance() {
            private long left = time.toNanos();

            @Override
            public boolean spend(long nanos) {
                left -= nanos;
                return left > 0;
            }
        };
    }
}
