package routes.kubernetes;

import io.fabric8.kubernetes.client.OAuthTokenProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A kubeconfig's {@code tokenFile}, read at each request, so that a token that is renewed counts at once; the last one
 * as long as it can't be read.
 */
final class TokenFile implements OAuthTokenProvider {

    private static final Logger LOG = LoggerFactory.getLogger(TokenFile.class);

    private final Path file;
    private volatile String last;
    private volatile boolean unreadable;

    /** @param inPlace the kubeconfig's own token, while the file can't be read; null: none */
    TokenFile(Path file, String inPlace) {
        this.file = file;
        this.last = inPlace;
    }

    @Override
    public String getToken() {
        try {
            last = Files.readString(file).strip();
            unreadable = false;
        } catch (IOException e) {
            if (!unreadable) {
                unreadable = true;
                LOG.warn(
                        "The token for the API server can't be read from {} (tokenFile of the kubeconfig): {}",
                        file,
                        e.toString());
            }
        }
        return last;
    }
}
