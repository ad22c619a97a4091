package routes.api.rest;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.component.platform.http.springboot.SpringBootPlatformHttpConsumer;
import org.apache.camel.component.platform.http.springboot.SpringBootPlatformHttpEngine;

/**
 * Camel's HTTP in the server's own threads, which are bounded. Its default is Spring's pool: eight threads, before which any number of requests with their
 * bodies waits. And the answer is complete when the thread returns; Camel's future would send each request through all filters a second time.
 */
final class ServerThreads extends SpringBootPlatformHttpEngine {

    private final ApiFailure failure;

    ServerThreads(int port, ApiFailure failure) {
        super(port);
        this.failure = failure;
    }

    @Override
    public PlatformHttpConsumer createConsumer(PlatformHttpEndpoint endpoint, Processor processor) {
        return new SpringBootPlatformHttpConsumer(endpoint, processor, Runnable::run) {

            /** @return null, which tells Spring that all is done */
            @Override
            public CompletableFuture<Void> service(HttpServletRequest request, HttpServletResponse response) {
                super.service(request, response).join();
                return null;
            }

            /** What fails before an operation's own route has it, which may be stopped, is answered like what fails there. */
            @Override
            protected void afterProcess(HttpServletResponse response, Exchange exchange) throws Exception {
                if (exchange.getException() != null && (endpoint.getPath() + "/").startsWith(ApiFilter.API)) {
                    exchange.setProperty(Exchange.EXCEPTION_CAUGHT, exchange.getException());
                    exchange.setException(null);
                    failure.process(exchange);
                }
                super.afterProcess(response, exchange);
            }
        };
    }
}
