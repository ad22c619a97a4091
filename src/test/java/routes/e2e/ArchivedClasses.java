package routes.e2e;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/**
 * The classes under test as the launcher starts them: in a jar and with an archive of what a start loads, which halves
 * it. Made by a first run, and again when a class or a library is another one. As there, the archive is only an aid.
 */
final class ArchivedClasses {

    private static final Path FOLDER = Path.of("target", "archived-classes").toAbsolutePath();
    private static final Path CLASSES = Path.of("target", "classes").toAbsolutePath();
    private static final List<String> JVM = List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmn64m",
            "-Xmx1g",
            "-Xlog:cds*=off");
    private static List<String> command;

    private ArchivedClasses() {}

    /** Java with its options and the main class. */
    static synchronized List<String> command() throws IOException, InterruptedException {
        if (command == null) {
            Files.createDirectories(FOLDER);
            // several JVMs may run tests
            try (FileChannel file = FileChannel.open(
                            FOLDER.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    var lock = file.lock()) {
                command = made();
            }
        }
        return command;
    }

    private static List<String> made() throws IOException, InterruptedException {
        List<Path> libraries = libraries();
        String key = key(libraries);
        Path jar = FOLDER.resolve(key + ".jar");
        Path archive = FOLDER.resolve(key + ".jsa");
        if (!Files.exists(jar) || !Files.exists(archive)) {
            removeOlder();
            pack(jar);
            Path made = FOLDER.resolve("made.jsa"); // a first run that is cut short leaves a part
            firstRun(java("-XX:ArchiveClassesAtExit=" + made, jar, libraries));
            if (Files.exists(made)) {
                Files.move(made, archive, StandardCopyOption.ATOMIC_MOVE);
            }
        }
        return java("-XX:SharedArchiveFile=" + archive, jar, libraries);
    }

    private static List<String> java(String archive, Path jar, List<Path> libraries) {
        String classpath = String.join(
                File.pathSeparator,
                Stream.concat(Stream.of(jar), libraries.stream())
                        .map(Path::toString)
                        .toList());
        return Stream.concat(JVM.stream(), Stream.of(archive, "-cp", classpath, "routes.Opsbus"))
                .toList();
    }

    private static void removeOlder() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path file : files.filter(file -> !file.endsWith("lock")).toList()) {
                FileSystemUtils.deleteRecursively(file);
            }
        }
    }

    private static void pack(Path jar) throws IOException {
        if (ToolProvider.findFirst("jar")
                        .orElseThrow()
                        .run(
                                System.out,
                                System.err,
                                "--create",
                                "--no-compress",
                                "--file=" + jar,
                                "-C",
                                CLASSES.toString(),
                                ".")
                != 0) {
            throw new IOException("no jar of " + CLASSES);
        }
    }

    /** An event, from the API through NATS to where it is delivered. */
    private static void firstRun(List<String> java) throws IOException, InterruptedException {
        try (Inbox inbox = new Inbox();
                OpsbusProcess first = new OpsbusProcess(FOLDER.resolve("first-run"), "")) {
            first.hook(
                    "first.yaml", HooksEndToEndTest.hook("first", "webhook", "ops.first.>", inbox.url("/first"), ""));
            first.launch(java).awaitReady();
            first.post(
                    "/api/v1/namespaces/first/events/pods.first.events",
                    "{\"reason\":\"First\",\"message\":\"first\"}");
            first.get("/api/v1/hooks");
            first.stop();
        }
    }

    /** Other classes or libraries, another key. */
    private static String key(List<Path> libraries) throws IOException {
        MessageDigest digest = sha256();
        try (Stream<Path> files = Files.walk(CLASSES)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                digest.update(CLASSES.relativize(file).toString().getBytes(StandardCharsets.UTF_8));
                digest.update(Files.readAllBytes(file));
            }
        }
        for (Path library : libraries) {
            digest.update((library + " " + Files.getLastModifiedTime(library) + System.getProperty("java.vm.version"))
                    .getBytes(StandardCharsets.UTF_8));
        }
        return HexFormat.of().formatHex(digest.digest(), 0, 8);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Without the test classes, which component scanning would find. */
    private static List<Path> libraries() {
        return Arrays.stream(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                        .split(File.pathSeparator))
                .map(Path::of)
                .filter(Files::isRegularFile)
                .toList();
    }
}
