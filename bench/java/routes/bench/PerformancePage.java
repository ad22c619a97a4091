package routes.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code docs/performance.md}: what stands between its two markers is written by a full run. */
final class PerformancePage {

    static final String BEGIN = "<!-- figures: written by ./opsbus bench --docs -->";
    static final String END = "<!-- end of figures -->";

    private final Path page;

    PerformancePage(Path page) {
        this.page = page;
    }

    /** @throws BenchFailure when the page has no markers */
    void write(String figures) throws IOException {
        String text = Files.readString(page);
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new BenchFailure(page + " has no lines \"" + BEGIN + "\" and \"" + END + "\" to write between");
        }
        Files.writeString(page, text.substring(0, begin + BEGIN.length()) + "\n" + figures + text.substring(end));
    }
}
