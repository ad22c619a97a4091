package routes.nats;

import io.nats.NatsRunnerUtils;
import io.nats.NatsServerRunner;
import io.nats.client.Options;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The machine's {@code nats-server} as a child process, for when no NATS is configured: JetStream, loopback only,
 * credentials of its own for each start, its data under the data directory. It stops with opsbus, whatever ends that,
 * and is started again when it ends before.
 */
public final class ChildNatsServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ChildNatsServer.class);
    private static final Pattern VERSION = Pattern.compile("v?(\\d+)\\.(\\d+)\\.\\d+");

    private static final Duration BETWEEN_STARTS = Duration.ofSeconds(1);

    private final NatsServerRunner.Builder runner;
    private final String user = "opsbus";
    private final String password = "p" + HexFormat.of().formatHex(new SecureRandom().generateSeed(16));
    private final FileChannel lockFile;
    private final FileLock lock;
    private final Path pidFile;
    private NatsServerRunner server;
    private volatile boolean closed;

    /**
     * @throws IOException when there is no nats-server, another opsbus uses the directory, or the server does not
     *     start: the message says which
     */
    public ChildNatsServer(Path dataDir) throws IOException {
        Path home = writable(dataDir);
        lockFile = FileChannel.open(home.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        lock = lock(lockFile);
        if (lock == null) {
            lockFile.close();
            throw new IOException("another opsbus runs its nats-server on " + home
                    + "; set EVENT_ENDPOINT to share a NATS, or opsbus.nats.data-dir to have another");
        }
        pidFile = home.resolve("nats-server.pid");
        stopLeftover(pidFile);
        String version = version();
        runner = NatsServerRunner.builder()
                .port(NatsRunnerUtils.nextPort())
                .executablePath(launcher(home, password))
                .configInserts(config(home, version))
                .outputLevel(Level.OFF)
                .connectValidateTlsFirstMode() // else its check of the port waits for the server's first ping, two
                // seconds
                .connectValidateTries(600)
                .connectValidateSubsequentDelay(100L); // a minute: the port opens when the stored streams are read
        start();
        LOG.info(
                "no NATS url is configured (EVENT_ENDPOINT): started nats-server {} on 127.0.0.1:{}, data in {}",
                version,
                server.getPort(),
                home);
    }

    /** @throws IOException as the constructor, for what can be known before a server is started */
    static void check(Path dataDir) throws IOException {
        version();
        writable(dataDir);
    }

    private static Path writable(Path dataDir) throws IOException {
        Path home = dataDir.toAbsolutePath().normalize().resolve("nats");
        try {
            Files.createDirectories(home);
            Files.delete(Files.createTempFile(home, "check", null));
            return home;
        } catch (IOException e) {
            throw new IOException(
                    "data can't be kept in " + dataDir.toAbsolutePath().normalize()
                            + ", where this user may not write (" + e.getMessage()
                            + "); mend it, or name another folder: --opsbus.nats.data-dir=data, or set EVENT_ENDPOINT to use a NATS that runs",
                    e);
        }
    }

    /** Null when somebody else has it. */
    private static FileLock lock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException inThisProcess) {
            return null;
        }
    }

    private synchronized void start() throws IOException {
        if (closed) {
            return;
        }
        server = runner.build();
        Files.deleteIfExists(Path.of(server.getConfigFile())); // the runner leaves one behind for every start
        ProcessHandle.of(Long.parseLong(Files.readString(pidFile).strip()))
                .ifPresent(process -> process.onExit().thenRun(this::startAgain));
    }

    /** On a thread of its own: this one tells of other processes' ends. */
    private void startAgain() {
        if (closed) {
            return;
        }
        Thread starter = new Thread(
                () -> {
                    LOG.error("nats-server ended by itself; starting it again");
                    while (!closed) {
                        try {
                            Thread.sleep(BETWEEN_STARTS.toMillis());
                            start();
                            return;
                        } catch (IOException | RuntimeException e) {
                            LOG.error("nats-server can't be started again: {}; trying again", e.getMessage());
                        } catch (InterruptedException e) {
                            return;
                        }
                    }
                },
                "nats-server");
        starter.setDaemon(true);
        starter.start();
    }

    /**
     * A session of its own: Ctrl-C in a terminal reaches the whole group, and opsbus still needs NATS while it stops.
     * The password comes by the environment, since the runner writes its configuration where every user of the machine
     * can read it. Standard input is a pipe that opsbus holds: it ends when opsbus does, by kill -9 and for lack of
     * memory too, and a shell that waits for that stops the server then.
     */
    private static Path launcher(Path home, String password) throws IOException {
        Path script = home.resolve("nats-server.sh");
        Files.deleteIfExists(script);
        Files.createFile(script, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(script, """
                #!/bin/sh
                export OPSBUS_NATS_PASSWORD=%s
                exec 3<&0 </dev/null
                (
                    trap '' INT HUP TERM
                    while read -r line; do :; done
                    for signal in TERM 0 0 0 0 0 0 0 0 0 0 KILL; do
                        kill -$signal $$ 2>/dev/null || exit
                        sleep 1
                    done
                ) <&3 >/dev/null 2>&1 &
                exec 3<&-
                command -v setsid >/dev/null && exec setsid nats-server "$@"
                exec nats-server "$@"
                """.formatted(password));
        return script;
    }

    private List<String> config(Path home, String version) {
        List<String> lines = new ArrayList<>(List.of(
                "server_name: opsbus",
                "host: \"127.0.0.1\"",
                "pid_file: \"" + pidFile + "\"",
                "max_payload: 8MB",
                "authorization { user: \"" + user + "\", password: $OPSBUS_NATS_PASSWORD }",
                "jetstream {",
                "  store_dir: \"" + home + "\""));
        if (knowsSyncInterval(version)) {
            lines.add("  sync_interval: always");
        }
        lines.add("}");
        return lines;
    }

    /** Before 2.10 the server flushes to disk every two minutes and can't be told otherwise. */
    static boolean knowsSyncInterval(String version) {
        Matcher number = VERSION.matcher(version);
        return number.find() && (Integer.parseInt(number.group(1)) > 2 || Integer.parseInt(number.group(2)) >= 10);
    }

    private static String version() throws IOException {
        try {
            Process process = new ProcessBuilder("nats-server", "--version")
                    .redirectErrorStream(true)
                    .start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .replace("nats-server:", "")
                    .strip();
        } catch (IOException e) {
            throw new IOException(
                    "no NATS: EVENT_ENDPOINT is not set and there is no nats-server on the PATH; "
                            + "install it (Debian and Ubuntu: apt-get install nats-server) or set EVENT_ENDPOINT=nats://host:4222",
                    e);
        }
    }

    private static void stopLeftover(Path pidFile) throws IOException {
        if (!Files.exists(pidFile)) {
            return;
        }
        Optional<ProcessHandle> leftover;
        try {
            leftover = ProcessHandle.of(Long.parseLong(Files.readString(pidFile).strip()))
                    .filter(process -> process.info().command().orElse("").endsWith("nats-server"));
        } catch (NumberFormatException e) {
            leftover = Optional.empty();
        }
        leftover.ifPresent(process -> {
            LOG.info("stopping the nats-server {} that a killed opsbus left behind", process.pid());
            process.destroy();
            try {
                process.onExit().get(10, TimeUnit.SECONDS);
            } catch (Exception e) {
                process.destroyForcibly();
            }
        });
        Files.deleteIfExists(pidFile);
    }

    public Options.Builder options() {
        return new Options.Builder()
                .server("nats://127.0.0.1:" + server.getPort())
                .userInfo(user, password);
    }

    @Override
    public void close() throws Exception {
        closed = true;
        synchronized (this) {
            server.close();
        }
        Files.deleteIfExists(pidFile);
        lock.release();
        lockFile.close();
    }
}
