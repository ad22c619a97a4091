package routes.api.server;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.context.ServletWebServerInitializedEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

/**
 * The HTTP server: nothing that a client without a token does keeps it from others, and health answers on a port of its
 * own.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
@EnableConfigurationProperties(ServerProperties.class)
class ServerConfig {

    private static final Logger LOG = LoggerFactory.getLogger("server");
    private static final String HEALTH = "/actuator/health";
    private static final int HEALTH_THREADS = 4;
    private static final int HEALTH_CONNECTIONS = 64;

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> guardedServer(
            ServerProperties properties, @Value("${server.address:}") InetAddress address) {
        return tomcat -> {
            tomcat.setProtocol(GuardedProtocol.class.getName());
            tomcat.addConnectorCustomizers(connector -> guard(connector, properties));
            tomcat.addEngineValves(new UnreadBodies());
            if (properties.healthPort() >= 0) {
                Connector health = health(properties, address);
                tomcat.addAdditionalTomcatConnectors(health);
                tomcat.addEngineValves(new HealthOnly(health));
            }
        };
    }

    @EventListener
    void sayWhere(ServletWebServerInitializedEvent started) {
        InetAddress bound = address(started);
        LOG.info(
                "listening on {} port {}{}",
                bound == null ? "all addresses," : bound.getHostAddress(),
                started.getWebServer().getPort(),
                bound != null && bound.isLoopbackAddress()
                        ? ", for this machine only; for others: --server.address=0.0.0.0"
                        : "");
    }

    private static InetAddress address(ServletWebServerInitializedEvent started) {
        String address = started.getApplicationContext().getEnvironment().getProperty("server.address", "");
        try {
            return address.isEmpty() ? null : InetAddress.getByName(address);
        } catch (UnknownHostException e) {
            return null; // it would not have started
        }
    }

    private static void guard(Connector connector, ServerProperties properties) {
        if (connector.getProtocolHandler() instanceof GuardedProtocol protocol) {
            protocol.limit(properties);
            protocol.setContinueResponseTiming("onRead"); // who must not come in is told before sending the body
        }
    }

    private static Connector health(ServerProperties properties, InetAddress address) {
        GuardedProtocol protocol = new GuardedProtocol();
        protocol.setMaxThreads(HEALTH_THREADS);
        protocol.setMinSpareThreads(1);
        protocol.setMaxConnections(HEALTH_CONNECTIONS);
        protocol.setAddress(address);
        protocol.setConnectionTimeout((int) properties.requestTimeout().toMillis());
        Connector connector = new Connector(protocol);
        connector.setPort(properties.healthPort());
        guard(connector, properties);
        return connector;
    }

    /** On the health port there is nothing else. */
    private static final class HealthOnly extends ValveBase {

        private final Connector health;

        private HealthOnly(Connector health) {
            super(true);
            this.health = health;
        }

        @Override
        public void invoke(Request request, Response response) throws IOException, ServletException {
            String path = request.getRequestURI();
            if (request.getConnector() == health && !path.equals(HEALTH) && !path.startsWith(HEALTH + "/")) {
                response.sendError(Response.SC_NOT_FOUND);
                return;
            }
            getNext().invoke(request, response);
        }
    }
}
