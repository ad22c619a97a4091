package routes.hooks.match;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.function.LongSupplier;

/**
 * The CPU time of the thread that asks: a pause of the process, a busy machine or a garbage collection does not count.
 */
final class CpuClock {

    private CpuClock() {}

    /** Nanoseconds since some moment. Asking takes a microsecond or two. */
    static LongSupplier ofCaller() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return threads.isCurrentThreadCpuTimeSupported() ? threads::getCurrentThreadCpuTime : System::nanoTime;
    }
}
