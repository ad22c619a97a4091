package routes.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SharedMBeanInfoAssemblerTest {

    private static final int ROUTES = 400;

    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    private final CamelContext camel = new DefaultCamelContext();

    @BeforeEach
    void startCamel() throws Exception {
        camel.getCamelContextExtension().setManagementMBeanAssembler(new SharedMBeanInfoAssembler(camel));
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:shared").to("log:shared?level=OFF");
            }
        });
        camel.start();
    }

    @AfterEach
    void stopCamel() {
        camel.stop();
    }

    private void add(int from, int to) throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                for (int i = from; i < to; i++) {
                    from("direct:hook:ns/name-" + i)
                            .routeId("hook:ns/name-" + i)
                            .routeGroup("hooks")
                            .to("direct:shared");
                }
            }
        });
    }

    private Object attribute(int route, String attribute) throws Exception {
        return server.getAttribute(name(route), attribute);
    }

    private ObjectName name(int route) throws Exception {
        return new ObjectName("org.apache.camel:context=" + camel.getManagementName()
                + ",type=routes,name=\"hook:ns/name-" + route + "\"");
    }

    @Test
    void everyRouteHasFiguresOfItsOwn() throws Exception {
        add(0, 2);
        for (int i = 0; i < 3; i++) {
            camel.createProducerTemplate().sendBody("direct:hook:ns/name-1", "x");
            assertThat(attribute(0, "ExchangesTotal")).isEqualTo(0L);
            assertThat(attribute(1, "ExchangesTotal")).isEqualTo(i + 1L);
        }
        assertThat(attribute(0, "RouteId")).isEqualTo("hook:ns/name-0");
        assertThat(attribute(1, "RouteId")).isEqualTo("hook:ns/name-1");
    }

    @Test
    void aRouteStopsAloneAndStartsAgain() throws Exception {
        add(0, 2);
        server.invoke(name(0), "stop", null, null);
        assertThat(attribute(0, "State")).isEqualTo("Stopped");
        assertThat(attribute(1, "State")).isEqualTo("Started");
        server.invoke(name(0), "start", null, null);
        assertThat(attribute(0, "State")).isEqualTo("Started");
    }

    @Test
    void aRouteCostsTensOfKilobytesAtMost() throws Exception {
        add(0, 10);
        long before = used();
        add(10, 10 + ROUTES);
        // measured: 12 kB; 128 kB with a description for each MBean
        assertThat((used() - before) / ROUTES).isLessThan(40_000);
        assertThat(attribute(9 + ROUTES, "State")).isEqualTo("Started");
    }

    /** The least of several looks: a GC may leave garbage, but never takes what is in use. */
    private static long used() throws InterruptedException {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            Thread.sleep(50);
            least = Math.min(
                    least,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }
}
