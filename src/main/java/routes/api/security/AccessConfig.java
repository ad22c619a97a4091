package routes.api.security;

import static org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher.withDefaults;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.AuthorizeHttpRequestsConfigurer;
import org.springframework.security.config.annotation.web.configurers.CsrfConfigurer;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.context.NullSecurityContextRepository;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.csrf.CsrfFilter;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.security.web.csrf.CsrfTokenRequestAttributeHandler;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.header.HeaderWriter;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import routes.api.rest.Answer;
import routes.api.rest.HistoryOperation;
import routes.api.security.Limits.Limit;
import routes.nats.KeyValueState;
import routes.nats.NatsBus;
import routes.nats.history.HistoryProperties;

/** The one door of everything over HTTP: who needs which role where, and what browsers are told. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
@EnableConfigurationProperties(HistoryProperties.class)
class AccessConfig {

    private static final Logger LOG = LoggerFactory.getLogger(AccessConfig.class);
    private static final String API = "/api/v1";
    private static final String HAWTIO = "/actuator/hawtio";
    /** Hawtio's widgets write styles into its page. */
    private static final String HAWTIO_POLICY = Refusals.POLICY + " 'unsafe-inline'; font-src 'self' data:";

    private static final int JOLOKIA_AT_ONCE = 8;
    private static final Duration PATIENCE_OF_PUSHES = Duration.ofMillis(200);
    private static final Duration LOOK_AT_TOKEN_EVERY = Duration.ofSeconds(5);
    private static final RequestMatcher LOGIN = at(LoginPage.PATH);

    @Bean
    @ConditionalOnProperty(name = "opsbus.security.enabled", matchIfMissing = true)
    Tokens tokens(
            SecurityProperties security,
            ObjectProvider<DemoToken> demo,
            ObjectProvider<NatsBus> bus,
            ObjectProvider<KeyValueState> state,
            @Value("${opsbus.cluster:default}") String cluster) {
        if (!security.tokens().isEmpty()) {
            return new Tokens(security.configured());
        }
        DemoToken forDemo = demo.getIfAvailable();
        if (forDemo != null) {
            return new Tokens(List.of(Token.of("demo", forDemo.text(), EnumSet.allOf(Role.class))));
        }
        return new FirstToken(bus.getObject(), state.getObject(), cluster, LOOK_AT_TOKEN_EVERY).tokens();
    }

    /** Null when there are other tokens, or none is needed. */
    @Bean
    @ConditionalOnProperty("opsbus.demo")
    DemoToken demoToken(SecurityProperties security) {
        return security.enabled() && security.tokens().isEmpty() ? new DemoToken(Token.random()) : null;
    }

    /** Spring Security would measure each of its filters for each request. */
    @Bean
    SecurityObservationSettings noObservations() {
        return SecurityObservationSettings.noObservations();
    }

    @Bean
    HttpFirewall httpFirewall() {
        return new Firewall();
    }

    @Bean
    WrongTokens wrongTokens() {
        return new WrongTokens(System::nanoTime);
    }

    @Bean
    Refusals refusals() {
        return new Refusals();
    }

    @Bean
    SecurityFilterChain door(
            HttpSecurity http,
            SecurityProperties security,
            ObjectProvider<Tokens> tokens,
            WrongTokens wrongTokens,
            Refusals refusals,
            HistoryProperties history,
            Environment environment)
            throws Exception {
        if (!security.enabled()) {
            LOG.warn("opsbus.security.enabled=false: everybody who reaches this port may do everything");
        }
        boolean signedPushes =
                !environment.getProperty("opsbus.push.github.secret", "").isEmpty();
        boolean inbox = environment.getProperty("opsbus.demo", Boolean.class, false);
        RequestMatcher pushes =
                new OrRequestMatcher(posts("/namespaces/**"), posts("/notifications/**"), posts("/push/**"));
        RequestMatcher jolokia = new OrRequestMatcher(at("/actuator/jolokia/**"), at(HAWTIO + "/jolokia/**"));
        return http.authorizeHttpRequests(requests -> rules(requests, pushes, signedPushes, inbox))
                .addFilterBefore(new TokenFilter(tokens.getIfAvailable(), wrongTokens), CsrfFilter.class)
                .addFilterBefore(new BodyGate(new OrRequestMatcher(openPosts(signedPushes, inbox))), CsrfFilter.class)
                .addFilterAfter(
                        limits(
                                pushes,
                                environment.getProperty("server.tomcat.threads.max", Integer.class, 200) / 2,
                                jolokia,
                                security,
                                history),
                        AuthorizationFilter.class)
                .addFilterAfter(new JolokiaLists(jolokia), AuthorizationFilter.class)
                .exceptionHandling(
                        denied -> denied.authenticationEntryPoint(refusals).accessDeniedHandler(refusals))
                .csrf(AccessConfig::tokenInCookie)
                .headers(headers -> headers.addHeaderWriter(policies()))
                .sessionManagement(
                        AbstractHttpConfigurer
                                ::disable) // it takes each request for a login, which would change the CSRF token
                .securityContext(context -> context.securityContextRepository(new NullSecurityContextRepository()))
                .requestCache(AbstractHttpConfigurer::disable)
                .servletApi(AbstractHttpConfigurer::disable) // it knows the caller on the request's first thread only
                .logout(AbstractHttpConfigurer::disable)
                .build();
    }

    private static void rules(
            AuthorizeHttpRequestsConfigurer<HttpSecurity>.AuthorizationManagerRequestMatcherRegistry requests,
            RequestMatcher pushes,
            boolean signedPushes,
            boolean inbox) {
        requests.dispatcherTypeMatchers(DispatcherType.ASYNC, DispatcherType.ERROR, DispatcherType.FORWARD)
                .permitAll() // of a request that was let in
                .requestMatchers(at("/actuator/health/**"), LOGIN, at("/login.css"))
                .permitAll()
                // Hawtio's way to other JVMs: a request forger nobody asked for
                .requestMatchers(at(HAWTIO + "/proxy/**"))
                .denyAll();
        requests.requestMatchers(openPosts(signedPushes, inbox).toArray(RequestMatcher[]::new))
                .permitAll();
        requests.requestMatchers(pushes)
                .hasRole(Role.PUSH.name())
                .requestMatchers(posts("/hooks/try"))
                .hasRole(Role.READ.name())
                // over Jolokia one reads by POST, too; JolokiaAccess asks for the role operate where it is needed
                .requestMatchers(at("/actuator/jolokia/**"), at(HAWTIO + "/jolokia/**"), at("/logout"))
                .hasRole(Role.READ.name())
                .requestMatchers(TokenFilter::isSafe)
                .hasRole(Role.READ.name())
                .anyRequest()
                .hasRole(Role.OPERATE.name());
    }

    private static Limits limits(
            RequestMatcher pushes,
            int pushesAtOnce,
            RequestMatcher jolokia,
            SecurityProperties security,
            HistoryProperties history) {
        int perSecond = security.pushPerSecond();
        RequestMatcher queries = new OrRequestMatcher(
                gets("/events"), gets("/events/*"), gets("/explain"), gets("/deadletters"), posts("/hooks/try"));
        return new Limits(List.of(
                new Limit(
                        pushes,
                        Places.ofEach(
                                () -> Places.perSecond(
                                        perSecond,
                                        "more than " + perSecond
                                                + " pushes a second (opsbus.security.push-per-second); this one is not stored, try again"))),
                new Limit(
                        pushes,
                        Places.soon(
                                pushesAtOnce,
                                PATIENCE_OF_PUSHES,
                                Answer.away(
                                        pushesAtOnce
                                                + " pushes wait for NATS already (half of server.tomcat.threads.max); this one is not stored, try again"))),
                new Limit(
                        queries,
                        Places.ofEach(() -> Places.atOnce(
                                history.perToken(),
                                history.perToken()
                                        + " requests with this token read history already (opsbus.history.per-token)",
                                HistoryOperation.COME_AGAIN))),
                new Limit(
                        queries,
                        Places.atOnce(
                                history.places(),
                                history.places()
                                        + " requests read history already or wait for their turn (opsbus.history.threads, opsbus.history.queue)",
                                HistoryOperation.COME_AGAIN)),
                new Limit(
                        jolokia,
                        Places.atOnce(
                                JOLOKIA_AT_ONCE, JOLOKIA_AT_ONCE + " requests are answered by Jolokia already", 2))));
    }

    /** What has a body and needs no token. */
    private static List<RequestMatcher> openPosts(boolean signedPushes, boolean inbox) {
        List<RequestMatcher> open = new ArrayList<>(List.of(LOGIN));
        if (signedPushes) {
            open.add(posts("/push/github")); // the operation checks the signature
        }
        if (inbox) {
            open.add(at("/demo/inbox/**")); // it looks who asks
        }
        return open;
    }

    private static RequestMatcher at(String path) {
        return withDefaults().matcher(path);
    }

    private static RequestMatcher gets(String path) {
        return withDefaults().matcher(HttpMethod.GET, API + path);
    }

    private static RequestMatcher posts(String path) {
        return withDefaults().matcher(HttpMethod.POST, API + path);
    }

    /**
     * A page reads the token from the cookie XSRF-TOKEN and sends it back as the header X-XSRF-TOKEN, as Hawtio does.
     */
    private static void tokenInCookie(CsrfConfigurer<HttpSecurity> csrf) {
        CookieCsrfTokenRepository cookie = CookieCsrfTokenRepository.withHttpOnlyFalse();
        cookie.setCookieCustomizer(made -> made.sameSite("Strict"));
        csrf.csrfTokenRepository(cookie)
                .csrfTokenRequestHandler(new ForPages())
                .requireCsrfProtectionMatcher(AccessConfig::mayBeForged);
    }

    /** Whether a browser may have sent it for a page of somebody else's. */
    private static boolean mayBeForged(HttpServletRequest request) {
        if (TokenFilter.isSafe(request)) {
            return false;
        }
        if (!(request.getUserPrincipal() instanceof Caller caller)) {
            return LOGIN.matches(request);
        }
        return switch (caller.by()) {
            case BEARER -> false;
            case COOKIE -> true;
            case BASIC, NOTHING -> request.getHeader(HttpHeaders.ORIGIN) != null;
        };
    }

    /** Instead of what Hawtio says for itself. */
    private static HeaderWriter policies() {
        RequestMatcher hawtio = at(HAWTIO + "/**");
        return (request, response) -> {
            response.setHeader("Content-Security-Policy", hawtio.matches(request) ? HAWTIO_POLICY : Refusals.POLICY);
            response.setHeader("Referrer-Policy", "no-referrer");
        };
    }

    /** Gives the cookie to those who will need it: programs with a header don't. */
    private static final class ForPages extends CsrfTokenRequestAttributeHandler {

        @Override
        public void handle(HttpServletRequest request, HttpServletResponse response, Supplier<CsrfToken> token) {
            super.handle(request, response, token);
            String accept = request.getHeader(HttpHeaders.ACCEPT);
            boolean page = accept != null && accept.contains("text/html");
            if (page || request.getUserPrincipal() instanceof Caller caller && caller.by() == Caller.By.COOKIE) {
                token.get().getToken(); // who reads it makes it
            }
        }
    }
}
