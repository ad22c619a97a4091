package routes.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version that Maven wrote into the jar. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() throws IOException {
        Properties maven = new Properties();
        try (InputStream written =
                Version.class.getResourceAsStream("/META-INF/maven/io.opsbus/opsbus/pom.properties")) {
            if (written != null) {
                maven.load(written);
            }
        }
        return new String[] {"opsbus " + maven.getProperty("version", "(not from a jar)")};
    }
}
