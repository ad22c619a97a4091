package routes.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Resident memory, threads and processor time of a process, as Linux counts them in {@code /proc/PID}; looked at ten
 * times a second between start and close.
 */
final class ProcessFigures implements AutoCloseable {

    private static final long EVERY_MS = 100;
    private static final double TICKS_A_SECOND = 100; // USER_HZ, the same on every Linux

    private final Path status;
    private final Path stat;
    private final Thread looking = new Thread(this::look, "process-figures");
    private volatile double mostMegabytes;
    private volatile int mostThreads;

    ProcessFigures(long pid) {
        status = Path.of("/proc", Long.toString(pid), "status");
        stat = status.resolveSibling("stat");
    }

    ProcessFigures start() {
        looking.setDaemon(true);
        looking.start();
        return this;
    }

    private void look() {
        try {
            while (true) {
                mostMegabytes = Math.max(mostMegabytes, megabytes());
                mostThreads = Math.max(mostThreads, (int) value("Threads:"));
                Thread.sleep(EVERY_MS);
            }
        } catch (InterruptedException e) {
            // closed
        }
    }

    double megabytes() {
        return value("VmRSS:") / 1024;
    }

    double mostMegabytes() {
        return mostMegabytes;
    }

    int mostThreads() {
        return mostThreads;
    }

    /** Of processor time so far, in the process and for it in the system. */
    double cpuSeconds() {
        try {
            String[] fields = Files.readString(stat)
                    .replaceFirst(".*\\) ", "")
                    .split(" "); // the name in brackets may have blanks
            return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_A_SECOND;
        } catch (IOException e) {
            throw new BenchFailure("can't read " + stat + ", so there are no figures of the process", e);
        }
    }

    private double value(String name) {
        try {
            return Files.readAllLines(status).stream()
                    .filter(line -> line.startsWith(name))
                    .mapToDouble(line -> Double.parseDouble(
                            line.substring(name.length()).strip().split("\\s")[0]))
                    .findFirst()
                    .orElse(Double.NaN);
        } catch (IOException e) {
            throw new BenchFailure("can't read " + status + ", so there are no figures of the process", e);
        }
    }

    @Override
    public void close() throws InterruptedException {
        looking.interrupt();
        looking.join();
    }
}
