package routes.api.push;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.MessageInfo;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import routes.event.OpsEvent;
import routes.nats.NatsBus;

/** The part of opsbus that takes pushes, with its doors open, as a client and as NATS see it. */
final class PushServer {

    static final String BASE = "/api/v1/";

    private static final ObjectMapper JSON = new ObjectMapper();

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @ConfigurationPropertiesScan({"routes.nats", "routes.api.push"})
    @ComponentScan({"routes.nats", "routes.api.push", "routes.api.rest"})
    static class Application {

        @Bean
        SecurityFilterChain open(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                    .csrf(csrf -> csrf.disable())
                    .build();
        }
    }

    record Answer(int status, JsonNode json, HttpResponse<String> http) {
        String message() {
            return json.path("message").asText();
        }

        JsonNode data() {
            return json.path("data");
        }
    }

    /** An event as the stream has it. */
    record Stored(String messageId, OpsEvent event) {
        String subject() {
            return event.subject();
        }
    }

    private final int port;
    private final NatsBus bus;
    private final HttpClient http = HttpClient.newHttpClient();

    PushServer(int port, NatsBus bus) {
        this.port = port;
        this.bus = bus;
    }

    Answer post(String path, byte[] body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + BASE + path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Answer(answer.statusCode(), json(answer.body()), answer);
    }

    Answer post(String path, String body, String... headers) throws Exception {
        return post(path, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            return JSON.missingNode();
        }
    }

    /** For messages of assertions. */
    static String visible(String text) {
        return text.codePoints()
                .mapToObj(c -> c < 32 || c > 126 ? "\\u" + Integer.toHexString(c) : Character.toString(c))
                .collect(Collectors.joining());
    }

    /** As GitHub does. */
    static String sign(String secret, String body) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
    }

    static String body(String file) throws IOException {
        return Files.readString(Path.of("src/test/resources/routes/api/push", file));
    }

    long last() throws IOException, JetStreamApiException {
        return bus.management().getStreamInfo("ops").getStreamState().getLastSequence();
    }

    /** Events stored after that sequence, in their order. */
    List<Stored> since(long sequence) throws IOException, JetStreamApiException {
        List<Stored> stored = new ArrayList<>();
        for (long next = sequence + 1; next <= last(); next++) {
            MessageInfo message = bus.management().getMessage("ops", next);
            stored.add(new Stored(
                    message.getHeaders().getFirst("Nats-Msg-Id"),
                    OpsEvent.parse(message.getSubject(), message.getData(), "raw")));
        }
        return stored;
    }
}
