package routes.api.rest;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.component.platform.http.DefaultPlatformHttpConsumer;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.component.platform.http.springboot.CamelRequestHandlerMapping;
import org.apache.camel.component.platform.http.springboot.SpringBootPlatformHttpConsumer;
import org.apache.camel.component.platform.http.springboot.SpringBootPlatformHttpEngine;
import org.apache.camel.spi.HeaderFilterStrategy;
import org.springframework.beans.factory.ObjectProvider;

/**
 * Camel's HTTP in the server's own threads, which are bounded. Its default is Spring's pool: eight threads, before
 * which any number of requests with their bodies waits. And the answer is complete when the thread returns; Camel's
 * future would send each request through all filters a second time.
 *
 * <p>It is also where a route gets its path, whatever it says it with (platform-http:, a rest, a Kamelet): opsbus' own
 * paths are for opsbus' own routes, no two routes get the same one, and a path goes with its route. {@link ApiHeaders}
 * say what such a route learns of the client. Camel by itself gives a path to who comes last, and keeps it for a route
 * that is gone.
 */
final class ServerThreads extends SpringBootPlatformHttpEngine {

    private final ApiFailure failure;
    private final ObjectProvider<CamelRequestHandlerMapping> mapping;
    private final HeaderFilterStrategy headers = new ApiHeaders();
    private volatile Thread opsbus;

    ServerThreads(int port, ApiFailure failure, ObjectProvider<CamelRequestHandlerMapping> mapping) {
        super(port);
        this.failure = failure;
        this.mapping = mapping;
    }

    /** @param routes loads routes of opsbus' own */
    void own(Callable<Void> routes) throws Exception {
        opsbus = Thread.currentThread();
        try {
            routes.call();
        } finally {
            opsbus = null;
        }
    }

    @Override
    public PlatformHttpConsumer createConsumer(PlatformHttpEndpoint endpoint, Processor processor) {
        String path = HttpPath.of(endpoint.getPath(), endpoint.isMatchOnUriPrefix());
        // until it has started it loads what is on the class path
        if (endpoint.getCamelContext().isStarted() && Thread.currentThread() != opsbus) {
            HttpPath.problem(path).ifPresent(problem -> {
                throw new IllegalArgumentException(problem);
            });
            refuseTaken(endpoint, path);
        }
        endpoint.setHeaderFilterStrategy(headers);
        return new SpringBootPlatformHttpConsumer(endpoint, processor, Runnable::run) {

            /** @return null, which tells Spring that all is done */
            @Override
            public CompletableFuture<Void> service(HttpServletRequest request, HttpServletResponse response) {
                super.service(request, response).join();
                return null;
            }

            /**
             * What fails before an operation's own route has it, which may be stopped, is answered like what fails
             * there.
             */
            @Override
            protected void afterProcess(HttpServletResponse response, Exchange exchange) throws Exception {
                if (exchange.getException() != null && (endpoint.getPath() + "/").startsWith(ApiFilter.API)) {
                    exchange.setProperty(Exchange.EXCEPTION_CAUGHT, exchange.getException());
                    exchange.setException(null);
                    failure.process(exchange);
                }
                super.afterProcess(response, exchange);
            }

            @Override
            protected void doStop() throws Exception {
                super.doStop();
                if (HttpPath.problem(path).isEmpty()
                        && !endpoint.getCamelContext().isStopping()) {
                    forget(this);
                }
            }
        };
    }

    private void refuseTaken(PlatformHttpEndpoint endpoint, String path) {
        for (Route route : endpoint.getCamelContext().getRoutes()) {
            if (route.getConsumer() instanceof DefaultPlatformHttpConsumer consumer
                    && consumer.getEndpoint() != endpoint
                    && HttpPath.same(
                            HttpPath.of(
                                    consumer.getEndpoint().getPath(),
                                    consumer.getEndpoint().isMatchOnUriPrefix()),
                            path)
                    && HttpPath.share(
                            consumer.getEndpoint().getHttpMethodRestrict(), endpoint.getHttpMethodRestrict())) {
                throw new IllegalArgumentException("the path " + path + " is that of route " + route.getRouteId()
                        + " already; give this one another path");
            }
        }
    }

    private void forget(SpringBootPlatformHttpConsumer gone) {
        mapping.ifAvailable(paths -> paths.getHandlerMethods().forEach((path, handler) -> {
            if (handler.getBean() == gone) {
                paths.unregisterMapping(path);
            }
        }));
    }
}
