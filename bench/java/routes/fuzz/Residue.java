package routes.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a JVM holds when nothing is under way.
 *
 * @param liveBytes of objects that are in use, after a full collection
 * @param threads of the process
 */
public record Residue(long liveBytes, int threads) {

    /** @param pid of a JVM on this machine, whose user is ours */
    public static Residue of(long pid) throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(pid),
                        "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        String last = jcmd.inputReader().lines().reduce("", (before, line) -> line.isBlank() ? before : line);
        if (jcmd.waitFor() != 0 || !last.startsWith("Total")) {
            throw new IOException("jcmd " + pid + " GC.class_histogram said: " + last);
        }
        String[] total = last.trim().split("\\s+"); // Total, instances, bytes
        String threads = Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                .filter(line -> line.startsWith("Threads:"))
                .findFirst()
                .orElseThrow();
        return new Residue(
                Long.parseLong(total[2]),
                Integer.parseInt(threads.substring("Threads:".length()).strip()));
    }
}
