package routes.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.nats.NatsRunnerUtils;
import io.nats.client.NKey;
import io.nats.client.impl.Headers;
import io.nats.client.support.JwtUtils;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import routes.nats.history.EventHistory;
import routes.nats.history.Query;

/** Servers as people run them, and the properties that connect to each; or one line that says what is missing. */
@ExtendWith(OutputCaptureExtension.class)
class NatsLoginTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path home;

    private static NatsProperties properties(NatsServer server, String... nameAndValue) {
        Map<String, String> map = new LinkedHashMap<>(Map.of("opsbus.nats.url", server.url()));
        for (int i = 0; i < nameAndValue.length; i += 2) {
            map.put("opsbus.nats." + nameAndValue[i], nameAndValue[i + 1]);
        }
        return new Binder(new MapConfigurationPropertySource(map))
                .bind("opsbus.nats", NatsProperties.class)
                .get();
    }

    private static NatsBus bus(NatsProperties properties) throws IOException {
        NatsBus bus =
                new NatsBus(new NatsConfig.NatsOptions(properties), properties.jetStream(), Duration.ofMillis(50));
        bus.start();
        return bus;
    }

    /** Streams, a message, the bucket, history: all that goes over JetStream. */
    private static void use(NatsBus bus) throws Exception {
        await().atMost(PATIENCE).until(bus::isConnected);
        StreamsProperties shape = JetStreamEndsTest.shape();
        await().atMost(PATIENCE).ignoreExceptions().until(() -> {
            new Streams(bus, shape).ensure();
            return true;
        });
        bus.publish("ops.x", new Headers(), new byte[] {1}).join();
        KeyValueState state = new KeyValueState(bus, shape);
        state.put("key", "value");
        assertThat(state.get("key")).contains("value");
        assertThat(state.changes("key.", 0)).isEmpty();
        assertThat(bus.management().getStreamInfo("ops").getStreamState().getMsgCount())
                .isEqualTo(1);
        try (NatsBus history = bus.beside("history")) {
            history.start();
            await().atMost(PATIENCE).until(history::isConnected);
            assertThat(new EventHistory(history, "ops").at(1)).isPresent();
            assertThat(new EventHistory(history, "ops")
                            .newestFirst(Query.of("ops.>"))
                            .events())
                    .hasSize(1);
        }
    }

    @Test
    void anNkeyAsTextOrInAFile() throws Exception {
        NKey user = NKey.createUser(new SecureRandom());
        String seed = new String(user.getSeed());
        try (NatsServer server = new NatsServer(
                home.resolve("js"),
                "authorization { users = [ { nkey: " + new String(user.getPublicKey()) + " } ] }")) {
            try (NatsBus bus = bus(properties(server, "nkey", seed))) {
                use(bus);
            }
            Path file = Files.writeString(home.resolve("seed"), seed + "\n");
            try (NatsBus bus = bus(properties(server, "nkey", file.toString()))) {
                await().atMost(PATIENCE).until(bus::isConnected);
            }
        }
    }

    /** As nsc makes it: an operator signs accounts, an account signs its users. */
    @Test
    void aCredsFileOfAnOperatorsAccount() throws Exception {
        NKey operator = NKey.createOperator(new SecureRandom());
        NKey account = NKey.createAccount(new SecureRandom());
        NKey system = NKey.createAccount(new SecureRandom());
        NKey user = NKey.createUser(new SecureRandom());
        String unlimited = Stream.of(
                        "subs",
                        "data",
                        "payload",
                        "imports",
                        "exports",
                        "conn",
                        "leaf",
                        "mem_storage",
                        "disk_storage",
                        "streams",
                        "consumer")
                .map(limit -> '"' + limit + "\":-1")
                .collect(Collectors.joining(","));
        String accountJwt = jwt(
                operator,
                account,
                "{\"limits\":{\"wildcards\":true," + unlimited + "},\"type\":\"account\",\"version\":2}");
        Path creds = Files.writeString(
                home.resolve("opsbus.creds"),
                "-----BEGIN NATS USER JWT-----\n" + JwtUtils.issueUserJWT(account, key(account), key(user))
                        + "\n------END NATS USER JWT------\n\n-----BEGIN USER NKEY SEED-----\n"
                        + new String(user.getSeed()) + "\n------END USER NKEY SEED------\n");
        try (NatsServer server = new NatsServer(
                home.resolve("js"),
                "operator: " + jwt(operator, operator, "{\"type\":\"operator\",\"version\":2}"),
                "resolver: MEMORY",
                "resolver_preload: { " + key(account) + ": " + accountJwt + ", " + key(system) + ": "
                        + jwt(operator, system, "{\"type\":\"account\",\"version\":2}") + " }",
                "system_account: " + key(system))) {
            try (NatsBus bus = bus(properties(server, "credentials", creds.toString()))) {
                use(bus);
            }
            try (NatsBus bus = bus(properties(server))) {
                await().atMost(PATIENCE).until(() -> bus.trouble().contains("Authorization Violation"));
            }
            try (NatsBus bus = bus(
                    properties(server, "credentials", home.resolve("none.creds").toString()))) {
                await().atMost(PATIENCE)
                        .until(() -> bus.trouble()
                                .contains("opsbus.nats.credentials: the file " + home.resolve("none.creds")
                                        + " can't be read"));
            }
        }
    }

    private static String key(NKey key) throws Exception {
        return new String(key.getPublicKey());
    }

    private static String jwt(NKey signer, NKey of, String claims) throws Exception {
        return JwtUtils.issueJWT(
                signer, key(of), "test", null, JwtUtils.currentTimeSeconds(), key(signer), () -> claims);
    }

    /** JetStream of another account, which exports what opsbus needs. */
    @Test
    void jetStreamThatIsImportedUnderAPrefix() throws Exception {
        String exports = Stream.of("$JS.API.>", "$JS.ACK.>", "ops.>", "opsbus.>", "$KV.opsbus.>")
                .map(subject -> "{ service: \"" + subject + "\", response_type: stream }")
                .collect(Collectors.joining(", "));
        String imports = Stream.of("$JS.ACK.>", "ops.>", "opsbus.>")
                .map(subject -> "{ service: { account: JS, subject: \"" + subject + "\" } }")
                .collect(Collectors.joining(", "));
        try (NatsServer server = new NatsServer(
                home.resolve("js"),
                "accounts { JS: { jetstream: enabled, users: [ { user: js, password: js } ], exports: [ " + exports
                        + " ] }, "
                        + "APP: { users: [ { user: app, password: app } ], imports: [ " + imports
                        + ", { service: { account: JS, subject: \"$JS.API.>\" }, to: \"JS.ops.API.>\" }, "
                        + "{ service: { account: JS, subject: \"$KV.opsbus.>\" }, to: \"JS.ops.API.$KV.opsbus.>\" } ] } }")) {
            try (NatsBus bus = bus(properties(server, "user", "app", "password", "app", "api-prefix", "JS.ops.API"))) {
                use(bus);
            }
        }
    }

    @Test
    void tlsOfAPrivateCaWithAClientCertificate(CapturedOutput output) throws Exception {
        certificates();
        try (NatsServer server = new NatsServer(
                home.resolve("js"),
                "tls { cert_file: \"" + home.resolve("server.pem") + "\", key_file: \"" + home.resolve("server.key")
                        + "\", ca_file: \"" + home.resolve("ca.pem") + "\", verify: true }")) {
            try (NatsBus bus = bus(properties(
                    server,
                    "tls.ca",
                    home.resolve("ca.pem").toString(),
                    "tls.certificate",
                    home.resolve("client.pem").toString(),
                    "tls.key",
                    home.resolve("client.key").toString()))) {
                use(bus);
            }
            try (NatsBus bus = bus(properties(server, "url", server.url().replace("nats:", "tls:")))) {
                await().atMost(PATIENCE)
                        .until(() -> bus.trouble().contains("certification path")
                                && bus.trouble().contains("opsbus.nats.tls.ca"));
            }
            try (NatsBus bus =
                    bus(properties(server, "tls.ca", home.resolve("none.pem").toString()))) {
                await().atMost(PATIENCE)
                        .until(() -> bus.trouble()
                                .contains(
                                        "opsbus.nats.tls.ca: the file " + home.resolve("none.pem") + " can't be read"));
            }
        }
    }

    /** The JDK's keytool, which speaks no PEM of keys. */
    private void certificates() throws Exception {
        keytool("-genkeypair", "-alias", "ca", "-keyalg", "EC", "-dname", "CN=ca", "-ext", "bc:c");
        Files.writeString(home.resolve("ca.pem"), keytool("-exportcert", "-rfc", "-alias", "ca"));
        for (String name : List.of("server", "client")) {
            keytool("-genkeypair", "-alias", name, "-keyalg", "EC", "-dname", "CN=" + name);
            Path request = Files.writeString(home.resolve(name + ".csr"), keytool("-certreq", "-alias", name));
            Files.writeString(
                    home.resolve(name + ".pem"),
                    keytool(
                            "-gencert",
                            "-rfc",
                            "-alias",
                            "ca",
                            "-infile",
                            request.toString(),
                            "-ext",
                            "san=ip:127.0.0.1"));
            KeyStore store = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(home.resolve("keys.p12"))) {
                store.load(in, "changeit".toCharArray());
            }
            Key key = store.getKey(name, "changeit".toCharArray());
            Files.writeString(
                    home.resolve(name + ".key"),
                    "-----BEGIN PRIVATE KEY-----\n"
                            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded())
                            + "\n-----END PRIVATE KEY-----\n");
        }
    }

    private String keytool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-J-XX:TieredStopAtLevel=1",
                "-J-XX:+UseSerialGC"));
        command.addAll(List.of(arguments));
        command.addAll(List.of(
                "-keystore", home.resolve("keys.p12").toString(), "-storetype", "PKCS12", "-storepass", "changeit"));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String out = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(command + ": " + out).isZero();
        return out;
    }

    @Test
    void aUserWhoMayNotAskForTheAccountStaysConnected(CapturedOutput output) throws Exception {
        try (NatsServer server = new NatsServer(
                        home.resolve("js"),
                        "authorization { users = [ { user: app, password: app, permissions: { publish: { deny: [\"$JS.API.INFO\"] } } } ] }");
                NatsBus bus = bus(properties(server, "user", "app", "password", "app"))) {
            use(bus);
            await().atMost(PATIENCE).until(() -> bus.answered() > 5);
            assertThat(output).doesNotContain("connecting anew").doesNotContainIgnoringCase("violation");
        }
    }

    @Test
    void anAccountOrAServerWithoutJetStreamIsSaidToBeTheReason() throws Exception {
        try (NatsServer server = new NatsServer(
                home.resolve("js"),
                "accounts { A: { users: [ { user: a, password: a } ] }, B: { jetstream: enabled, users: [ { user: b, password: b } ] } }")) {
            try (NatsBus bus = bus(properties(server, "user", "a", "password", "a"))) {
                await().atMost(PATIENCE).until(bus::isConnected);
                assertThatThrownBy(() -> new Streams(bus, JetStreamEndsTest.shape()).ensure())
                        .hasMessageContaining("not enabled for this account");
            }
            try (NatsBus bus = bus(properties(server, "user", "b", "password", "b"))) {
                use(bus);
            }
        }
        try (NatsServer server = new NatsServer(home.resolve("none"), "jetstream: false");
                NatsBus bus = bus(properties(server))) {
            await().atMost(PATIENCE).until(bus::isConnected);
            assertThatThrownBy(() -> new Streams(bus, JetStreamEndsTest.shape()).ensure())
                    .hasMessageContaining("the NATS server has no JetStream");
        }
    }

    @Test
    void aUserWithoutThePermissionsIsSaidToBeTheReason() throws Exception {
        try (NatsServer server = new NatsServer(
                        home.resolve("js"),
                        "authorization { users = [ { user: app, password: app, permissions: { publish: { allow: [\"ops.>\"] } } } ] }");
                NatsBus bus = bus(properties(server, "user", "app", "password", "app", "publish-timeout", "500ms"))) {
            await().atMost(PATIENCE).until(bus::isConnected);
            assertThatThrownBy(() -> new Streams(bus, JetStreamEndsTest.shape()).ensure())
                    .hasMessageContaining("the NATS user may not do all that opsbus needs")
                    .hasMessageContainingAll("docs/security.md", "JS.API.STREAM");
        }
    }

    /** opsbus beside a leafnode that has a JetStream of its own. */
    @Test
    void jetStreamInADomainBehindALeafnode() throws Exception {
        int port = NatsRunnerUtils.nextPort();
        try (NatsServer hub = new NatsServer(
                        home.resolve("hub"),
                        "server_name: hub",
                        "jetstream { store_dir: \"" + home.resolve("hub") + "\", domain: hub }",
                        "leafnodes { host: \"127.0.0.1\", port: " + port + " }");
                NatsServer leaf = new NatsServer(
                        home.resolve("leaf"),
                        "server_name: leaf",
                        "jetstream { store_dir: \"" + home.resolve("leaf") + "\", domain: leaf }",
                        "leafnodes { remotes: [ { url: \"nats://127.0.0.1:" + port + "\" } ] }")) {
            try (NatsBus bus = bus(properties(leaf, "domain", "hub"));
                    NatsBus atHub = hub.bus();
                    NatsBus atLeaf = leaf.bus()) {
                use(bus);
                assertThat(atHub.management().getStreamNames()).contains("ops", "KV_opsbus");
                assertThat(atLeaf.management().getStreamNames()).isEmpty();
            }
            try (NatsBus bus = bus(properties(leaf, "api-prefix", "$JS.hub.API"))) {
                await().atMost(PATIENCE).until(bus::isConnected);
                assertThat(new KeyValueState(bus, JetStreamEndsTest.shape()).get("key"))
                        .contains("value");
            }
        }
    }

    @Test
    void whatContradictsItselfIsRefused() throws Exception {
        try (NatsServer server = new NatsServer(home.resolve("js"))) {
            assertThatThrownBy(() -> properties(server, "domain", "a", "api-prefix", "b"))
                    .rootCause()
                    .hasMessageContaining("set one of them");
            assertThatThrownBy(() -> properties(server, "tls.key", "a"))
                    .rootCause()
                    .hasMessageContaining("belong together");
        }
    }
}
