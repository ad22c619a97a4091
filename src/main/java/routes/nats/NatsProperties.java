package routes.nats;

import io.nats.client.JetStreamOptions;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;

/**
 * How to reach NATS.
 *
 * @param url one or more servers, separated by commas; empty: the machine's nats-server as a child process. See
 *     {@link NatsAddress} for the forms. Environment: {@code EVENT_ENDPOINT}.
 * @param user user name, when it is not part of the url
 * @param password password, when it is not part of the url
 * @param token token, when it is not part of the url
 * @param credentials path of a {@code .creds} file (JWT and nkey)
 * @param nkey seed of an nkey ({@code SU…}), or path of a file that holds it
 * @param tls whom to trust, and who opsbus is
 * @param domain JetStream domain, when it is not that of the server
 * @param apiPrefix begin of JetStream's subjects when they are imported from another account, instead of
 *     {@code $JS.API}
 * @param dataDir where the child nats-server keeps its data
 * @param publishTimeout how long a publish waits for the server's PubAck before it counts as failed
 * @param firstStart what a router that is new to an existing stream reads: {@code all} it holds, or only what is
 *     {@code new}
 */
@ConfigurationProperties("opsbus.nats")
public record NatsProperties(
        @DefaultValue("") String url,
        @DefaultValue("") String user,
        @DefaultValue("") String password,
        @DefaultValue("") String token,
        @DefaultValue("") String credentials,
        @DefaultValue("") String nkey,
        @DefaultValue Tls tls,
        @DefaultValue("") String domain,
        @DefaultValue("") String apiPrefix,
        @DefaultValue("data") Path dataDir,
        @DefaultValue("5s") Duration publishTimeout,
        @DefaultValue("all") FirstStart firstStart) {

    /**
     * Paths of PEM files; empty: those of the JVM, and no certificate.
     *
     * @param ca certificates that sign the servers'
     * @param certificate opsbus' own, with those that sign it
     * @param key its private key
     */
    public record Tls(
            @DefaultValue("") String ca,
            @DefaultValue("") String certificate,
            @DefaultValue("") String key) {

        boolean isEmpty() {
            return ca.isEmpty() && certificate.isEmpty() && key.isEmpty();
        }
    }

    public NatsProperties {
        if (!domain.isEmpty() && !apiPrefix.isEmpty()) {
            throw new IllegalArgumentException(
                    "opsbus.nats.domain and opsbus.nats.api-prefix both say where JetStream is; set one of them");
        }
        if (tls.certificate().isEmpty() != tls.key().isEmpty()) {
            throw new IllegalArgumentException(
                    "opsbus.nats.tls.certificate and opsbus.nats.tls.key belong together; set both or none");
        }
    }

    /** Where JetStream is. */
    JetStreamOptions jetStream() {
        JetStreamOptions.Builder options = JetStreamOptions.builder().requestTimeout(publishTimeout);
        return (domain.isEmpty() ? apiPrefix.isEmpty() ? options : options.prefix(apiPrefix) : options.domain(domain))
                .build();
    }

    /** Everything besides servers, and user or token in the url. */
    void applyTo(Options.Builder options) {
        if (!user.isEmpty()) {
            options.userInfo(user, password);
        }
        if (!token.isEmpty()) {
            options.token(token.toCharArray());
        }
        if (!credentials.isEmpty()) {
            options.authHandler(Nats.credentials(readable("credentials", credentials)));
        }
        if (!nkey.isEmpty()) {
            options.authHandler(Nats.staticCredentials(null, seed().toCharArray()));
        }
        if (!tls.isEmpty()) {
            options.sslContext(sslContext());
        }
    }

    private String seed() {
        try {
            return nkey.startsWith("SU")
                    ? nkey
                    : Files.readString(Path.of(nkey)).strip();
        } catch (IOException | InvalidPathException e) { // which may repeat a secret
            throw new IllegalArgumentException(
                    "opsbus.nats.nkey is neither the seed of a user (SU...) nor a file that can be read");
        }
    }

    private SSLContext sslContext() {
        try {
            PemSslStoreDetails own = tls.certificate.isEmpty()
                    ? null
                    : PemSslStoreDetails.forCertificate("file:" + readable("tls.certificate", tls.certificate))
                            .withPrivateKey("file:" + readable("tls.key", tls.key));
            PemSslStoreDetails trusted =
                    tls.ca.isEmpty() ? null : PemSslStoreDetails.forCertificate("file:" + readable("tls.ca", tls.ca));
            return SslBundle.of(new PemSslStoreBundle(own, trusted)).createSslContext();
        } catch (IllegalStateException e) {
            throw new IllegalArgumentException("opsbus.nats.tls: the PEM files can't be used: " + e.getMessage(), e);
        }
    }

    private static String readable(String property, String path) {
        if (!Files.isReadable(Path.of(path))) {
            throw new IllegalArgumentException("opsbus.nats." + property + ": the file " + path + " can't be read");
        }
        return path;
    }

    public enum FirstStart {
        ALL,
        NEW
    }

    /** @throws IOException when what the child nats-server needs, if there will be one, is not there */
    public void check() throws IOException {
        if (url.isBlank()) {
            ChildNatsServer.check(dataDir);
        }
    }
}
