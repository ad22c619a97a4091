package routes.hooks.sources;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import routes.hooks.spec.HookProblem;
import routes.hooks.spec.Origin;

/**
 * The hook files of a directory, polled: {@code *.yaml} and {@code *.yml} in the directory itself, and
 * {@code types/*.kamelet.yaml}. Hidden files are left alone; symbolic links are followed (a ConfigMap mount swaps
 * them).
 *
 * <p>Editors and copies write files in pieces, so a change, a new file and a deletion only count once they have stayed
 * the same for the settling time. What cannot be read (empty, not UTF-8, no permission) is never a change: the contents
 * that were read last stay, with a problem beside them. Contents are compared, not times of modification, which a
 * ConfigMap swap or a {@code cp -p} can leave in the past.
 *
 * <p>Not safe for several threads.
 */
public final class HookFiles {

    /**
     * What to run now.
     *
     * @param hooks text of each file, by its path as the user knows it ({@code hooks/a.yaml})
     * @param types the same for {@code types/}
     * @param problems what could not be read
     * @param ignored what nobody reads, though its name looks as if somebody should
     * @param complete the directory was read and no file is still on its way in: what a start waits for
     */
    public record Contents(
            SortedMap<Path, String> hooks,
            SortedMap<Path, String> types,
            List<HookProblem> problems,
            List<HookProblem> ignored,
            boolean complete) {}

    /** One look at a file: its text, why there is none to be had, or (both null) that it is not there. */
    private record Look(String text, String problem) {
        static final Look ABSENT = new Look(null, null);
    }

    /** What a file holds for us, and what it seems to be changing into. */
    private static final class Tracked {
        String text;
        String problem;
        Look latest;
        long since;
        boolean settled;
    }

    private static final String TYPES = "types";
    private static final Pattern MEANT_TO_BE_READ =
            Pattern.compile("(?i)[^.].*\\.(json|xml|java|groovy|ya?ml)(\\.txt)?");

    private final Path directory;
    private final long settleNanos;
    private final LongSupplier nanoTime;
    private final SortedMap<Path, Tracked> files = new TreeMap<>();
    private List<HookProblem> ignored = List.of();
    private boolean readBefore;

    /**
     * @param directory as the user named it
     * @param settle how long a change must have stayed the same
     * @param nanoTime {@code System::nanoTime}
     */
    public HookFiles(Path directory, Duration settle, LongSupplier nanoTime) {
        this.directory = directory;
        this.settleNanos = settle.toNanos();
        this.nanoTime = nanoTime;
    }

    /** Looks at the directory once more. To be called every 250 ms or so. */
    public Contents poll() {
        Map<Path, Look> looks;
        try {
            looks = look();
        } catch (IOException | UncheckedIOException e) {
            if (e instanceof NoSuchFileException && !readBefore) {
                return contents(List.of(), true); // hooks may come from custom resources only
            }
            String reason = e instanceof NoSuchFileException ? "is not there" : "cannot be read (" + e + ")";
            return contents(
                    List.of(problem(
                            directory,
                            "the directory " + reason
                                    + (readBefore ? "; the hooks read from it last keep running" : ""))),
                    false);
        }
        files.keySet().forEach(file -> looks.putIfAbsent(file, Look.ABSENT));
        looks.forEach((file, look) -> update(file, files.computeIfAbsent(file, f -> new Tracked()), look));
        files.values().removeIf(file -> file.settled && file.text == null && file.problem == null);
        readBefore = true;
        return contents(List.of(), files.values().stream().allMatch(file -> file.settled));
    }

    private void update(Path path, Tracked file, Look look) {
        long now = nanoTime.getAsLong();
        if (!Objects.equals(look, file.latest)) {
            boolean old = !readBefore && isOld(path);
            file.latest = look;
            file.since = old ? now - settleNanos : now;
        }
        file.settled = now - file.since >= settleNanos;
        if (file.settled) {
            file.problem = look.problem;
            file.text = look.problem == null ? look.text : file.text;
        }
    }

    /** At the first look a file that nobody has touched lately need not prove that it stays as it is. */
    private boolean isOld(Path file) {
        try {
            long age =
                    System.currentTimeMillis() - Files.getLastModifiedTime(file).toMillis();
            return Duration.ofMillis(age).toNanos() >= settleNanos;
        } catch (IOException e) {
            return true;
        }
    }

    private Map<Path, Look> look() throws IOException {
        Map<Path, Look> looks = new HashMap<>();
        List<HookProblem> others = new ArrayList<>();
        for (Path file : list(directory)) {
            String name = file.getFileName().toString();
            if ((name.endsWith(".yaml") || name.endsWith(".yml"))
                    && !name.startsWith(".")
                    && !Files.isDirectory(file)) {
                looks.put(file, look(file));
            } else if (MEANT_TO_BE_READ.matcher(name).matches() && !Files.isDirectory(file)) {
                others.add(
                        problem(
                                file,
                                "is not read: hooks and routes are written in files whose names end with .yaml or .yml; rename it (JSON is YAML too), or move it elsewhere"));
            }
        }
        Path types = directory.resolve(TYPES);
        for (Path file : Files.isDirectory(types) ? list(types) : List.<Path>of()) {
            String name = file.getFileName().toString();
            if (name.endsWith(".kamelet.yaml") && !name.startsWith(".") && !Files.isDirectory(file)) {
                looks.put(file, look(file));
            } else if (MEANT_TO_BE_READ.matcher(name).matches() && !Files.isDirectory(file)) {
                others.add(
                        problem(
                                file,
                                "is not read: a hook type is written in a file named {name}.kamelet.yaml; rename it, or move it elsewhere"));
            }
        }
        others.sort(Comparator.comparing(HookProblem::toString));
        ignored = others;
        return looks;
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.toList();
        }
    }

    private static Look look(Path file) {
        try {
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                return new Look(null, "is not a regular file"); // reading a pipe would wait for ever
            }
            byte[] bytes = Files.readAllBytes(file);
            return bytes.length == 0
                    ? new Look(null, "is empty")
                    : new Look(
                            StandardCharsets.UTF_8
                                    .newDecoder()
                                    .decode(ByteBuffer.wrap(bytes))
                                    .toString(),
                            null);
        } catch (CharacterCodingException e) {
            return new Look(null, "is not UTF-8 text");
        } catch (NoSuchFileException e) {
            return Files.isSymbolicLink(file) ? new Look(null, "is a link to nowhere") : Look.ABSENT;
        } catch (IOException e) {
            return new Look(null, "cannot be read (" + e + ")");
        }
    }

    private Contents contents(List<HookProblem> directoryProblems, boolean complete) {
        SortedMap<Path, String> hooks = new TreeMap<>();
        SortedMap<Path, String> types = new TreeMap<>();
        List<HookProblem> problems = new ArrayList<>(directoryProblems);
        files.forEach((path, file) -> {
            if (file.text != null) {
                (path.equals(directory.resolve(path.getFileName())) ? hooks : types).put(path, file.text);
            }
            if (file.problem != null) {
                problems.add(problem(
                        path, file.problem + (file.text == null ? "" : "; what was read from it last keeps running")));
            }
        });
        return new Contents(hooks, types, problems, ignored, complete);
    }

    private static HookProblem problem(Path path, String message) {
        return new HookProblem(new Origin(path.toString(), 0, 0), null, message);
    }
}
