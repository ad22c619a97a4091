package routes.cli;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.io.support.PropertiesLoaderUtils;
import org.springframework.util.ClassUtils;
import routes.api.push.PushProperties;
import routes.hooks.sources.HooksProperties;
import routes.nats.NatsProperties;

/**
 * What would stop the start later is looked for before anything is touched, and said in one line that names the
 * property: names and values of properties, folders, the nats-server, ports.
 */
final class StartChecks implements BeanFactoryPostProcessor {

    private static final List<String> PORTS = List.of("server.port", "management.server.port");
    private static final int DEFAULT_PORT = 8080;

    private final ConfigurableEnvironment environment;

    StartChecks(ConfigurableEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
        try {
            List<Class<?>> records = records(beans);
            PropertyNames names = new PropertyNames(records, shipped());
            Binder binder = Binder.get(environment);
            HooksProperties hooks = binder.bindOrCreate("opsbus.hooks", HooksProperties.class);
            new PropertyCheck(names, hooks.dir()).check(environment.getPropertySources());
            records.forEach(record -> binder.bindOrCreate(
                    record.getAnnotation(ConfigurationProperties.class).value(), Bindable.of(record)));
            hooks.check();
            binder.bindOrCreate("opsbus.push", PushProperties.class).check();
            binder.bindOrCreate("opsbus.nats", NatsProperties.class).check();
            ports(names, binder);
        } catch (IOException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    private static List<Class<?>> records(ConfigurableListableBeanFactory beans) {
        List<Class<?>> records = new ArrayList<>();
        for (String name : beans.getBeanDefinitionNames()) {
            String type = beans.getBeanDefinition(name).getBeanClassName();
            if (type != null && type.startsWith("routes.")) {
                Class<?> loaded = ClassUtils.resolveClassName(type, beans.getBeanClassLoader());
                if (loaded.isAnnotationPresent(ConfigurationProperties.class)) {
                    records.add(loaded);
                }
            }
        }
        return records;
    }

    private static List<String> shipped() throws IOException {
        Properties shipped =
                PropertiesLoaderUtils.loadAllProperties("application.properties", StartChecks.class.getClassLoader());
        List<String> names = new ArrayList<>(shipped.stringPropertyNames().stream()
                .filter(name -> name.startsWith(PropertyNames.PREFIX))
                .toList());
        names.add(PropertyNames.HOME);
        return names;
    }

    /** All are bound at once and let go again: two properties with one port are found too. */
    private static void ports(PropertyNames names, Binder binder) throws IOException {
        List<String> properties = new ArrayList<>(PORTS);
        names.names().stream().filter(name -> name.matches(".*[.-]port")).forEach(properties::add);
        List<ServerSocket> open = new ArrayList<>();
        try {
            for (String property : properties) {
                int port =
                        binder.bind(property, Integer.class).orElse(property.equals("server.port") ? DEFAULT_PORT : 0);
                if (port > 0) {
                    String address = PORTS.contains(property)
                            ? property.replaceFirst("port$", "address")
                            : "server.address"; // where opsbus opens its others
                    open.add(open(
                            property,
                            port,
                            address,
                            binder.bind(address, InetAddress.class).orElse(null)));
                }
            }
        } finally {
            for (ServerSocket socket : open) {
                socket.close();
            }
        }
    }

    private static ServerSocket open(String property, int port, String addressProperty, InetAddress address)
            throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address, port));
            return socket;
        } catch (BindException e) {
            socket.close();
            throw new IllegalStateException(
                    String.valueOf(e.getMessage()).contains("assign")
                            ? "no network interface of this machine has the address " + address.getHostAddress()
                                    + "; choose another: --" + addressProperty + "=127.0.0.1"
                            : inUse(port, property),
                    e);
        } catch (IOException e) {
            socket.close();
            throw new IllegalStateException(
                    "port " + port + " can't be opened (" + e.getMessage() + "); choose another: --" + property
                            + "=9000",
                    e);
        }
    }

    static String inUse(int port, String property) {
        return "port " + port + " is in use; stop what uses it, or choose another: --" + property + "=9000";
    }
}
