package routes.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a run has in use: endpoints, applications with their servers, a folder for their data. All of it ends with the
 * run.
 */
final class Run implements AutoCloseable {

    private final Path folder;
    private final Path logs;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Numbers numbers = new Numbers();
    private int applications;

    /** @param target where data and logs may be written; data is removed in the end, logs stay */
    Run(Path target) throws IOException {
        logs = Files.createDirectories(target.resolve("logs"));
        folder = Files.createTempDirectory(target, "run");
    }

    Receiver receiver(long answerAfterNanos) throws IOException {
        return closing(new Receiver(answerAfterNanos));
    }

    Ceiling ceiling() throws Exception {
        return closing(new Ceiling(folder.resolve("ceiling"), numbers));
    }

    /** Not launched yet. */
    Application application(List<WorkloadHook> hooks) throws Exception {
        return application(hooks, Path.of(""));
    }

    Application readyApplication(List<WorkloadHook> hooks) throws Exception {
        Application application = application(hooks);
        application.launch();
        application.awaitReady();
        return application;
    }

    /** Not launched yet, of a version whose checkout is in that folder. */
    Application application(List<WorkloadHook> hooks, Path checkout) throws Exception {
        applications++;
        return closing(new Application(
                checkout,
                folder.resolve("opsbus-" + applications),
                logs.resolve("opsbus-%d-%d-hooks.log".formatted(applications, hooks.size())),
                hooks));
    }

    /** Earlier than the end of the run. */
    void end(AutoCloseable used) throws Exception {
        synchronized (open) {
            open.remove(used);
        }
        used.close();
    }

    Numbers numbers() {
        return numbers;
    }

    Path log(String name) {
        return logs.resolve(name);
    }

    private <T extends AutoCloseable> T closing(T used) {
        synchronized (open) {
            open.push(used);
        }
        return used;
    }

    /** Also called when the bench itself is told to end. */
    @Override
    public void close() {
        synchronized (open) {
            while (!open.isEmpty()) {
                try {
                    open.pop().close();
                } catch (Exception e) {
                    System.err.println("opsbus bench: " + e); // the others must end all the same
                }
            }
        }
        try (Stream<Path> files = Files.exists(folder) ? Files.walk(folder) : Stream.empty()) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
