package routes.hooks.http;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * How hooks call out over HTTPS, by files in PEM, which are read again when they change. Null for none.
 *
 * @param caFile certificates of authorities that are trusted besides the JVM's
 * @param certificateFile the certificate that opsbus shows to an endpoint that asks for one, with its chain
 * @param keyFile its private key
 * @param keyPassword of an encrypted key
 */
@ConfigurationProperties("opsbus.http")
public record HttpTlsSettings(Path caFile, Path certificateFile, Path keyFile, String keyPassword) {

    static final HttpTlsSettings NONE = new HttpTlsSettings(null, null, null, null);

    /** @throws IllegalArgumentException when one of certificate and key is missing */
    public HttpTlsSettings {
        if ((certificateFile == null) != (keyFile == null)) {
            throw new IllegalArgumentException(
                    "opsbus.http.certificate-file and opsbus.http.key-file belong together; set both");
        }
    }
}
