package routes.hooks.sources;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import routes.hooks.sources.HookFiles.Contents;

class HookFilesTest {

    private static final Duration SETTLE = Duration.ofMillis(800);

    @TempDir
    private Path temp;

    private Path hooks;
    private HookFiles files;
    private long now;

    @BeforeEach
    void setUp() throws IOException {
        hooks = Files.createDirectory(temp.resolve("hooks"));
        files = new HookFiles(hooks, SETTLE, () -> now);
    }

    @Test
    void atTheFirstLookOldFilesCountAtOnce() throws IOException {
        old(write("a.yaml", "one"));
        Contents contents = files.poll();
        assertThat(contents.hooks()).containsOnly(java.util.Map.entry(hooks.resolve("a.yaml"), "one"));
        assertThat(contents.complete()).isTrue();
        assertThat(contents.problems()).isEmpty();
    }

    @Test
    void atTheFirstLookAFreshFileMustSettle() throws IOException {
        write("a.yaml", "one");
        assertThat(files.poll()).satisfies(contents -> {
            assertThat(contents.hooks()).isEmpty();
            assertThat(contents.complete()).isFalse();
        });
        assertThat(pollAfter(800)).satisfies(contents -> {
            assertThat(contents.hooks()).hasSize(1);
            assertThat(contents.complete()).isTrue();
        });
    }

    @Test
    void aChangeCountsWithinTwoSecondsOfPollingAndNotBeforeItHasSettled() throws IOException {
        old(write("a.yaml", "one"));
        files.poll();
        write("a.yaml", "two");
        write("b.yml", "new");
        assertThat(pollAfter(250).hooks())
                .containsOnlyKeys(hooks.resolve("a.yaml"))
                .containsValue("one");
        assertThat(pollAfter(750).hooks())
                .containsOnlyKeys(hooks.resolve("a.yaml"))
                .containsValue("one");
        assertThat(pollAfter(250).hooks())
                .containsOnlyKeys(hooks.resolve("a.yaml"), hooks.resolve("b.yml"))
                .containsValues("two", "new");
    }

    @Test
    void aFileStillBeingWrittenIsNotActedOn() throws IOException {
        files.poll();
        for (int i = 1; i <= 10; i++) {
            write("a.yaml", "x".repeat(i));
            assertThat(pollAfter(500).hooks()).isEmpty();
        }
        assertThat(pollAfter(800).hooks()).containsValue("x".repeat(10));
    }

    @Test
    void aChangeThatIsTakenBackWasNone() throws IOException {
        old(write("a.yaml", "one"));
        files.poll();
        write("a.yaml", "two");
        pollAfter(500);
        write("a.yaml", "one");
        assertThat(pollAfter(500).hooks()).containsValue("one");
        assertThat(pollAfter(1000).hooks()).containsValue("one");
    }

    @Test
    void aDeletionCountsOnceItHasSettled() throws IOException {
        old(write("a.yaml", "one"));
        files.poll();
        Files.delete(hooks.resolve("a.yaml"));
        assertThat(pollAfter(250).hooks()).hasSize(1);
        assertThat(pollAfter(800).hooks()).isEmpty();
    }

    @Test
    void aFileReplacedInPiecesIsNeverSeenAsDeletedOrEmpty() throws IOException {
        old(write("a.yaml", "one"));
        files.poll();
        Files.delete(hooks.resolve("a.yaml"));
        assertThat(pollAfter(300).hooks()).containsValue("one");
        write("a.yaml", "");
        assertThat(pollAfter(300)).satisfies(contents -> {
            assertThat(contents.hooks()).containsValue("one");
            assertThat(contents.problems()).isEmpty();
        });
        write("a.yaml", "two");
        pollAfter(300);
        assertThat(pollAfter(800).hooks()).containsValue("two");
    }

    @Test
    void anEmptyFileKeepsWhatRanAndSaysSo() throws IOException {
        old(write("a.yaml", "one"));
        files.poll();
        write("a.yaml", "");
        pollAfter(250);
        assertThat(pollAfter(800)).satisfies(contents -> {
            assertThat(contents.hooks()).containsValue("one");
            assertThat(contents.problems())
                    .singleElement()
                    .asString()
                    .isEqualTo(hooks.resolve("a.yaml") + " is empty; what was read from it last keeps running");
        });
        write("a.yaml", "two");
        pollAfter(250);
        assertThat(pollAfter(800)).satisfies(contents -> {
            assertThat(contents.hooks()).containsValue("two");
            assertThat(contents.problems()).isEmpty();
        });
    }

    @Test
    void whatIsNotUtf8IsAProblemAndNoChange() throws IOException {
        old(write("a.yaml", "one"));
        files.poll();
        Files.write(hooks.resolve("a.yaml"), "größer".getBytes(StandardCharsets.ISO_8859_1));
        pollAfter(250);
        assertThat(pollAfter(800)).satisfies(contents -> {
            assertThat(contents.hooks()).containsValue("one");
            assertThat(contents.problems()).singleElement().asString().contains("is not UTF-8");
        });
    }

    @Test
    void aDirectoryThatVanishesKeepsWhatRanAndSaysSo() throws IOException {
        old(write("a.yaml", "one"));
        files.poll();
        Files.move(hooks, temp.resolve("away"));
        pollAfter(250);
        assertThat(pollAfter(5000)).satisfies(contents -> {
            assertThat(contents.hooks()).containsValue("one");
            assertThat(contents.problems()).singleElement().asString().contains("the directory is not there");
        });
        Files.move(temp.resolve("away"), hooks);
        assertThat(pollAfter(250)).satisfies(contents -> {
            assertThat(contents.hooks()).containsValue("one");
            assertThat(contents.problems()).isEmpty();
        });
    }

    @Test
    void aDirectoryThatWasNeverThereHoldsNothingAndIsNoMistake() {
        HookFiles nowhere = new HookFiles(temp.resolve("nowhere"), SETTLE, () -> now);
        assertThat(nowhere.poll()).satisfies(contents -> {
            assertThat(contents.complete())
                    .as("hooks may come from custom resources only")
                    .isTrue();
            assertThat(contents.hooks()).isEmpty();
            assertThat(contents.problems()).isEmpty();
        });
    }

    @Test
    void onlyHookFilesAreRead() throws IOException {
        for (String name : new String[] {"a.yaml", "b.yml", ".hidden.yaml", "a.yaml~", "notes.txt", "c.yaml.swp"}) {
            old(write(name, "x"));
        }
        Files.createDirectories(hooks.resolve("sub.yaml"));
        Files.createDirectories(hooks.resolve("types"));
        old(write("types/chat.kamelet.yaml", "type"));
        old(write("types/readme.yaml", "x"));
        Contents contents = files.poll();
        assertThat(contents.hooks()).containsOnlyKeys(hooks.resolve("a.yaml"), hooks.resolve("b.yml"));
        assertThat(contents.types()).containsOnlyKeys(hooks.resolve("types/chat.kamelet.yaml"));
        assertThat(contents.problems()).isEmpty();
    }

    @Test
    void aConfigMapSwapIsSeenWhateverItsTimes() throws IOException {
        configMap("..v1", "one");
        Files.createSymbolicLink(hooks.resolve("..data"), Path.of("..v1"));
        Files.createSymbolicLink(hooks.resolve("a.yaml"), Path.of("..data/a.yaml"));
        assertThat(files.poll().hooks())
                .containsOnlyKeys(hooks.resolve("a.yaml"))
                .containsValue("one");

        configMap("..v2", "two");
        Files.createSymbolicLink(hooks.resolve("..data_tmp"), Path.of("..v2"));
        Files.move(hooks.resolve("..data_tmp"), hooks.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
        pollAfter(250);
        assertThat(pollAfter(800).hooks())
                .containsOnlyKeys(hooks.resolve("a.yaml"))
                .containsValue("two");
    }

    @Test
    void aLinkToNowhereKeepsWhatRan() throws IOException {
        configMap("..v1", "one");
        Files.createSymbolicLink(hooks.resolve("a.yaml"), Path.of("..v1/a.yaml"));
        files.poll();
        delete(hooks.resolve("..v1"));
        pollAfter(250);
        assertThat(pollAfter(800)).satisfies(contents -> {
            assertThat(contents.hooks()).containsValue("one");
            assertThat(contents.problems()).singleElement().asString().contains("is a link to nowhere");
        });
    }

    private Contents pollAfter(long millis) {
        now += Duration.ofMillis(millis).toNanos();
        return files.poll();
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(hooks.resolve(name), text);
    }

    private void configMap(String version, String text) throws IOException {
        Files.createDirectory(hooks.resolve(version));
        old(write(version + "/a.yaml", text));
    }

    private static void old(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(60)));
    }

    private static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }
        });
        Files.delete(folder);
    }
}
