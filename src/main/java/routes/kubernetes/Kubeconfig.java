package routes.kubernetes;

import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.api.model.Cluster;
import io.fabric8.kubernetes.api.model.Context;
import io.fabric8.kubernetes.api.model.NamedAuthInfo;
import io.fabric8.kubernetes.api.model.NamedCluster;
import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.internal.KubeConfigUtils;
import java.io.File;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import routes.net.Proxy;
import routes.net.ProxyEnvironment;

/**
 * How the API server is reached, as kubectl reads it: from one or several files, or the pod's service account. What
 * fabric8 does not read is read here.
 *
 * @param config without proxies: fabric8 throws on forms of {@code NO_PROXY} that others understand
 * @param context its name, null for a service account
 * @param tlsServerName null: the host of the server's address
 * @param proxy null: none
 * @param warnings what is written and can't be done, a line each
 */
record Kubeconfig(Config config, String context, String tlsServerName, Proxy proxy, List<String> warnings) {

    private static final String PROPERTY = "opsbus.kubernetes.context";

    /**
     * Reads the files that fabric8 finds, the first that says something counts.
     *
     * @param context which context; blank: the files' current one
     * @throws IllegalStateException when there is no such context or a file can't be read, in one line
     */
    static Kubeconfig read(String context, ProxyEnvironment environment) {
        Config config = config(context);
        NamedContext chosen = config.getCurrentContext();
        List<String> warnings = new ArrayList<>();
        List<NamedContext> contexts = Optional.ofNullable(config.getContexts()).orElse(List.of());
        if (!context.isBlank() && (chosen == null || !context.equals(chosen.getName()))
                || chosen == null && !contexts.isEmpty()) {
            throw new IllegalStateException((context.isBlank()
                            ? "the kubeconfig has no current-context; name one by " + PROPERTY
                            : PROPERTY + " is \"" + context + "\", which the kubeconfig does not have")
                    + "; there are " + names(contexts));
        }
        Proxy proxy = null;
        String tlsServerName = blankToNull(config.getTlsServerName());
        if (chosen != null) {
            Cluster cluster = cluster(chosen);
            AuthInfo user = user(chosen, config);
            proxy = proxyUrl(cluster, chosen);
            cannot(cluster, user, chosen, warnings);
        }
        if (proxy == null) {
            URI server = URI.create(config.getMasterUrl());
            proxy = environment
                    .proxyFor(server.getScheme(), host(server), server.getPort())
                    .orElse(null);
        }
        if (proxy != null && proxy.scheme().equals("https")) {
            warnings.add("the proxy " + proxy + " is spoken to without TLS: the Kubernetes client can't do otherwise");
        }
        config.setHttpProxy(null);
        config.setHttpsProxy(null);
        config.setNoProxy(null);
        config.setTlsServerName(null); // its HTTP client would only say that it can't
        return new Kubeconfig(
                config, chosen == null ? null : chosen.getName(), tlsServerName, proxy, List.copyOf(warnings));
    }

    private static Config config(String context) {
        try {
            return Config.autoConfigure(context.isBlank() ? null : context);
        } catch (RuntimeException e) { // of YAML, of files, of exec
            throw new IllegalStateException(
                    "the kubeconfig can't be used: "
                            + String.valueOf(e.getMessage()).strip().replaceAll("\\s+", " "),
                    e);
        }
    }

    private static Cluster cluster(NamedContext chosen) {
        String name = chosen.getContext().getCluster();
        return named(
                        KubeConfigUtils.getFileWithNamedCluster(chosen),
                        file -> file.getClusters(),
                        NamedCluster::getName,
                        name)
                .map(NamedCluster::getCluster)
                .orElseThrow(() -> missing(chosen, "cluster", name));
    }

    private static AuthInfo user(NamedContext chosen, Config config) {
        String name = chosen.getContext().getUser();
        if (name == null || name.isEmpty()) {
            return new AuthInfo();
        }
        File file = KubeConfigUtils.getFileWithNamedAuthInfo(chosen);
        AuthInfo user = named(file, in -> in.getUsers(), NamedAuthInfo::getName, name)
                .map(NamedAuthInfo::getUser)
                .orElseThrow(() -> missing(chosen, "user", name));
        if (blankToNull(user.getTokenFile()) != null) {
            Path path = file.toPath().toAbsolutePath().resolveSibling(user.getTokenFile());
            config.setOauthTokenProvider(new TokenFile(path, user.getToken()));
        }
        if (blankToNull(user.getAs()) != null) {
            config.setImpersonateUsername(user.getAs());
            config.setImpersonateGroups(user.getAsGroups().toArray(String[]::new));
            config.setImpersonateExtras(user.getAsUserExtra());
        }
        return user;
    }

    private static IllegalStateException missing(NamedContext chosen, String what, String name) {
        return new IllegalStateException("context " + chosen.getName() + " of the kubeconfig names the " + what + " "
                + name + ", which is not there");
    }

    private static <T> Optional<T> named(
            File file,
            Function<io.fabric8.kubernetes.api.model.Config, List<T>> list,
            Function<T, String> nameOf,
            String name) {
        return file == null
                ? Optional.empty()
                : list.apply(KubeConfigUtils.parseConfig(file)).stream()
                        .filter(one -> nameOf.apply(one).equals(name))
                        .findFirst();
    }

    /** Whatever {@code NO_PROXY} says. */
    private static Proxy proxyUrl(Cluster cluster, NamedContext chosen) {
        String written = blankToNull(cluster.getProxyUrl());
        if (written == null) {
            return null;
        }
        boolean socks = written.startsWith("socks5://") || written.startsWith("socks5h://");
        return Proxy.parse(socks ? written.replaceFirst("socks5h?", "http") : written)
                .map(proxy -> socks
                        ? new Proxy(
                                "socks5",
                                proxy.host(),
                                written.matches(".*:\\d+/?") ? proxy.port() : 1080,
                                proxy.userInfo())
                        : proxy)
                .orElseThrow(
                        () -> new IllegalStateException(
                                "proxy-url of cluster " + chosen.getContext().getCluster()
                                        + " in the kubeconfig can't be understood; write http://proxy.example.com:3128 or socks5://…"));
    }

    private static void cannot(Cluster cluster, AuthInfo user, NamedContext chosen, List<String> warnings) {
        Context context = chosen.getContext();
        String ofCluster = " of cluster " + context.getCluster() + " in the kubeconfig is ignored: ";
        String ofUser = " of user " + context.getUser() + " in the kubeconfig is ignored: ";
        String unknown = "opsbus does not know it";
        cluster.getAdditionalProperties().keySet().forEach(key -> warnings.add(key + ofCluster + unknown));
        user.getAdditionalProperties().keySet().forEach(key -> warnings.add(key + ofUser + unknown));
        if (blankToNull(user.getAsUid()) != null) {
            warnings.add("as-uid" + ofUser + "the Kubernetes client can't do it");
        }
        if (user.getAuthProvider() != null
                && !"oidc".equals(user.getAuthProvider().getName())) {
            warnings.add("auth-provider" + ofUser + "only oidc is known, and kubectl has none any more; write exec");
        }
        if (user.getExec() != null && Boolean.TRUE.equals(user.getExec().getProvideClusterInfo())) {
            warnings.add("exec.provideClusterInfo" + ofUser + "the Kubernetes client can't do it");
        }
        if (user.getExec() != null && "Always".equals(user.getExec().getInteractiveMode())) {
            warnings.add("exec.interactiveMode Always" + ofUser + "there is nobody to answer");
        }
    }

    private static String names(List<NamedContext> contexts) {
        return contexts.isEmpty()
                ? "none"
                : String.join(
                        ", ",
                        contexts.stream().map(NamedContext::getName).sorted().toList());
    }

    private static String host(URI server) {
        String host = server.getHost();
        return host == null ? "" : host.replaceAll("^\\[|]$", "");
    }

    private static String blankToNull(String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }
}
