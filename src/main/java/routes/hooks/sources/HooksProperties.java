package routes.hooks.sources;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where hooks are written.
 *
 * @param dir folder of hook files and Camel route files, with hook types in {@code types/}
 * @param poll how often it is looked at; less often when looking takes long, as with thousands of files
 * @param settle how long a file must have been the same before it counts, so that half a file is never acted on
 */
@ConfigurationProperties("opsbus.hooks")
public record HooksProperties(
        @DefaultValue("hooks") Path dir,
        @DefaultValue("250ms") Duration poll,
        @DefaultValue("800ms") Duration settle) {

    /** @throws IOException when the folder is there and can't be read; one that is not there has no hooks */
    public void check() throws IOException {
        if (Files.exists(dir) && !(Files.isDirectory(dir) && Files.isReadable(dir) && Files.isExecutable(dir))) {
            throw new IOException("hooks can't be read from " + dir
                    + (Files.isDirectory(dir) ? ", which this user may not read" : ", which is no folder")
                    + "; mend it, or name another: --opsbus.hooks.dir=hooks");
        }
    }
}
