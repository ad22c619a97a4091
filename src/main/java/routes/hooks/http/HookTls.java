package routes.hooks.http;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ssl.pem.PemContent;
import org.springframework.stereotype.Component;

/**
 * TLS to endpoints: whom opsbus trusts, and who it says it is. Its own certificate opens doors, so it is not shown
 * wherever the author of a custom resource likes: only for hooks in files, and where an operator's entry in
 * {@code opsbus.hooks.allow-urls} names the endpoint.
 */
@Component
final class HookTls implements TlsSocketStrategy {

    private static final Logger LOG = LoggerFactory.getLogger(HookTls.class);
    private static final char[] IN_MEMORY = new char[0];

    private final HttpTlsSettings settings;
    private final EgressRule rule;
    private volatile Loaded loaded;

    /** @param files as they were when this was read */
    private record Loaded(List<Object> files, TlsSocketStrategy known, TlsSocketStrategy anonymous) {}

    /** @throws IllegalStateException when a file can't be used; the message names its property */
    HookTls(HttpTlsSettings settings, EgressRule rule) {
        this.settings = settings;
        this.rule = rule;
        this.loaded = load(files());
    }

    @Override
    public SSLSocket upgrade(Socket socket, String target, int port, Object attachment, HttpContext context)
            throws IOException {
        Loaded now = current();
        return (mayKnowUs(Call.of(context), target, port, socket) ? now.known : now.anonymous)
                .upgrade(socket, target, port, attachment, context);
    }

    private boolean mayKnowUs(Call call, String target, int port, Socket socket) {
        boolean proxy = !target.equals(call.url().host()) || port != call.url().portOrDefault();
        return !proxy
                && (call.author() == Author.OPERATOR
                        || rule.isNamed(
                                call.url().scheme(),
                                call.url().host(),
                                port,
                                call.proxy() == null ? socket.getInetAddress() : null));
    }

    /**
     * Looks whether the files have changed, which costs less than anything else about a handshake; keeps what worked
     * when the new ones don't.
     */
    private Loaded current() {
        Loaded now = loaded;
        List<Object> files = files();
        if (files.equals(now.files)) {
            return now;
        }
        try {
            now = load(files);
            LOG.info("certificates for hooks are read again");
        } catch (IllegalStateException e) {
            LOG.warn("certificates for hooks stay as they were: {}", e.getMessage());
            now = new Loaded(files, now.known, now.anonymous);
        }
        loaded = now;
        return now;
    }

    private List<Object> files() {
        return Stream.of(settings.caFile(), settings.certificateFile(), settings.keyFile())
                .filter(Objects::nonNull)
                .<Object>map(HookTls::stamp)
                .toList();
    }

    private static String stamp(Path file) {
        try {
            return file.toRealPath() + " " + Files.getLastModifiedTime(file) + " " + Files.size(file);
        } catch (IOException e) {
            return file + " can't be read";
        }
    }

    private Loaded load(List<Object> files) {
        if (files.isEmpty()) {
            TlsSocketStrategy plain = DefaultClientTlsStrategy.createDefault();
            return new Loaded(files, plain, plain);
        }
        try {
            TrustManager[] trusted = trusted();
            return new Loaded(
                    files,
                    new DefaultClientTlsStrategy(context(own(), trusted)),
                    new DefaultClientTlsStrategy(context(null, trusted)));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the certificates of opsbus.http can't be used: " + e.getMessage(), e);
        }
    }

    private static SSLContext context(KeyManager[] own, TrustManager[] trusted) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own, trusted, null);
        return context;
    }

    private TrustManager[] trusted() throws GeneralSecurityException, IOException {
        if (settings.caFile() == null) {
            return null;
        }
        KeyStore store = empty();
        int number = 0;
        for (TrustManager manager : managers(null)) {
            for (X509Certificate authority : ((X509TrustManager) manager).getAcceptedIssuers()) {
                store.setCertificateEntry("jvm-" + number++, authority);
            }
        }
        for (Certificate authority : pem("ca-file", settings.caFile(), PemContent::getCertificates)) {
            store.setCertificateEntry("opsbus-" + number++, authority);
        }
        return managers(store);
    }

    private static TrustManager[] managers(KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private KeyManager[] own() throws GeneralSecurityException, IOException {
        if (settings.keyFile() == null) {
            return null;
        }
        PrivateKey key = pem("key-file", settings.keyFile(), content -> content.getPrivateKey(settings.keyPassword()));
        List<X509Certificate> chain = pem("certificate-file", settings.certificateFile(), PemContent::getCertificates);
        KeyStore store = empty();
        store.setKeyEntry("opsbus", key, IN_MEMORY, chain.toArray(Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, IN_MEMORY);
        return factory.getKeyManagers();
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private interface Part<T> {
        T of(PemContent content);
    }

    private static <T> T pem(String property, Path file, Part<T> part) {
        String why;
        try {
            T read = part.of(PemContent.load(file));
            if (read != null) {
                return read;
            }
            why = "holds nothing of the kind in PEM";
        } catch (NoSuchFileException e) {
            why = "does not exist";
        } catch (IOException | RuntimeException e) {
            why = "can't be used: " + e.getMessage();
        }
        throw new IllegalStateException("the file of opsbus.http." + property + ", " + file + ", " + why);
    }
}
