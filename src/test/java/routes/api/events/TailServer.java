package routes.api.events;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.MeterRegistry;
import io.nats.client.api.PublishAck;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.ServiceStatus;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.actuate.autoconfigure.security.servlet.ManagementWebSecurityAutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.security.servlet.SecurityAutoConfiguration;
import org.springframework.boot.autoconfigure.security.servlet.UserDetailsServiceAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Import;
import routes.event.OpsEvent;
import routes.nats.NatsBus;
import routes.nats.NatsServer;
import routes.nats.Streams;

/** The live tail behind a real HTTP server, without the rest of opsbus, on a nats-server. */
final class TailServer implements AutoCloseable {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final ConfigurableApplicationContext context;
    private final String url;

    @SpringBootConfiguration
    @EnableAutoConfiguration(
            exclude = {
                SecurityAutoConfiguration.class,
                UserDetailsServiceAutoConfiguration.class,
                ManagementWebSecurityAutoConfiguration.class
            })
    @ComponentScan("routes.nats")
    @ConfigurationPropertiesScan("routes.nats")
    @EnableConfigurationProperties(TailProperties.class)
    @Import(TailConfig.class)
    static class Parts {}

    TailServer(NatsServer nats, String... properties) {
        Map<String, String> arguments = new LinkedHashMap<>();
        Stream.concat(
                        Stream.of(
                                "--server.port=0",
                                "--server.address=127.0.0.1",
                                "--opsbus.nats.url=" + nats.url(),
                                "--spring.jmx.enabled=false",
                                "--opsbus.tail.heartbeat=1s",
                                "--server.tomcat.threads.max=12",
                                "--camel.main.routes-include-pattern=classpath:camel/failures.yaml,classpath:camel/event-tail.yaml",
                                "--management.endpoint.health.group.readiness.include=readinessState"),
                        Stream.of(properties))
                .forEach(argument -> arguments.put(
                        argument.split("=", 2)[0],
                        argument)); // Spring would join both values of an option that is given twice
        context =
                new SpringApplicationBuilder(Parts.class).run(arguments.values().toArray(String[]::new));
        url = "http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port") + "/api/v1/events/";
        while (!bus().isConnected()) {
            Thread.onSpinWait();
        }
        makeStreams();
    }

    void makeStreams() {
        try {
            context.getBean(Streams.class).ensure();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    NatsBus bus() {
        return context.getBean(NatsBus.class);
    }

    double metric(String name) {
        MeterRegistry metrics = context.getBean(MeterRegistry.class);
        return metrics.get(name).meter().measure().iterator().next().getValue();
    }

    ServiceStatus route() {
        return context.getBean(CamelContext.class).getRouteController().getRouteStatus(EventTail.ROUTE);
    }

    /** @param request subject pattern, encoded, with {@code ?} and a query perhaps */
    String url(String request) {
        String[] parts = request.split("\\?", 2);
        return url + parts[0].replace(">", "%3E") + "/stream" + (parts.length > 1 ? "?" + parts[1] : "");
    }

    TailReader open(String request, String... headers) {
        return TailReader.open(url(request), headers);
    }

    HttpResponse<String> ask(String method, String request, String... headers) throws Exception {
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(url(request)))
                .timeout(Duration.ofSeconds(20))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            builder.headers(headers);
        }
        return HTTP.send(builder.build(), HttpResponse.BodyHandlers.ofString());
    }

    int port() {
        return URI.create(url).getPort();
    }

    /** @return its sequence */
    long publish(String subject, JsonNode data) {
        OpsEvent event = OpsEvent.of(UUID.randomUUID().toString(), "Kube", subject, "c1", OffsetDateTime.now(), data);
        return bus().publish(subject, new Headers(), event.payload()).join().getSeqno();
    }

    /** As fast as it goes. @return their sequences */
    List<Long> publish(String subject, int count, String body) {
        List<CompletableFuture<PublishAck>> acks = IntStream.range(0, count)
                .mapToObj(number ->
                        bus().publish(subject, new Headers(), (number + body).getBytes(StandardCharsets.UTF_8)))
                .toList();
        return acks.stream().map(ack -> ack.join().getSeqno()).toList();
    }

    @Override
    public void close() {
        context.close();
    }
}
