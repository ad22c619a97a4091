package routes.bench;

import java.io.PrintStream;
import java.util.Timer;
import java.util.TimerTask;

/**
 * Says on standard error what is being measured: on a terminal one line that is written anew, else a line for each
 * step.
 */
final class Progress implements AutoCloseable {

    private static final int WIDTH = 78;

    private final PrintStream out;
    private final boolean terminal;
    private final long start = System.nanoTime();
    private final Timer timer = new Timer("progress", true);
    private String step = "";

    Progress(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
        if (terminal) {
            timer.scheduleAtFixedRate(
                    new TimerTask() {
                        @Override
                        public void run() {
                            rewrite();
                        }
                    },
                    1_000,
                    1_000);
        }
    }

    synchronized void step(String now) {
        step = now;
        if (terminal) {
            rewrite();
        } else {
            out.println(line());
        }
    }

    double seconds() {
        return (System.nanoTime() - start) / 1e9;
    }

    private String line() {
        return "%4.0f s  %s".formatted(seconds(), step);
    }

    private synchronized void rewrite() {
        String line = line();
        out.print("\r\033[K" + (line.length() > WIDTH ? line.substring(0, WIDTH) : line));
        out.flush();
    }

    @Override
    public synchronized void close() {
        timer.cancel();
        if (terminal) {
            out.print("\r\033[K");
            out.flush();
        }
    }
}
