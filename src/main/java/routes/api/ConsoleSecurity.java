package routes.api;

import java.security.SecureRandom;
import java.util.Base64;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.CsrfConfigurer;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.HttpStatusEntryPoint;
import org.springframework.security.web.authentication.LoginUrlAuthenticationEntryPoint;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.csrf.CsrfTokenRequestAttributeHandler;
import org.springframework.security.web.util.matcher.RequestMatcher;

/**
 * Who may ask opsbus what over HTTP: probes, metrics and the demo's inbox are open, the console and everything else under
 * /actuator needs its user, and what is not listed here does not exist.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
class ConsoleSecurity {

    private static final Logger LOG = LoggerFactory.getLogger(ConsoleSecurity.class);
    private static final String CONSOLE = "/actuator/hawtio/";
    private static final String INBOX = "/demo/inbox/**";
    /** BCrypt's lowest cost: console and Jolokia check the password at every request, and its text is in the configuration anyway. */
    private static final int COST = 4;

    @Bean
    SecurityFilterChain consoleSecurityChain(HttpSecurity http) throws Exception {
        return http
                .authorizeHttpRequests(requests -> requests
                        .dispatcherTypeMatchers(DispatcherType.ERROR).permitAll()
                        .requestMatchers("/actuator/health/**", "/actuator/info", "/actuator/prometheus").permitAll()
                        .requestMatchers(INBOX).permitAll()
                        // Hawtio's way to other JVMs: a request forger nobody asked for
                        .requestMatchers("/actuator/hawtio/proxy/**").denyAll()
                        .requestMatchers("/actuator/**").authenticated()
                        .anyRequest().denyAll())
                .formLogin(login -> login.defaultSuccessUrl(CONSOLE))
                .logout(logout -> logout.logoutSuccessUrl("/login?logout"))
                // without a challenge: a browser that was never asked never sends a password unasked
                .httpBasic(basic -> basic.authenticationEntryPoint(new HttpStatusEntryPoint(HttpStatus.UNAUTHORIZED)))
                .exceptionHandling(denied -> denied
                        .defaultAuthenticationEntryPointFor(new LoginUrlAuthenticationEntryPoint("/login"), ConsoleSecurity::isConsolePage)
                        .defaultAuthenticationEntryPointFor(new HttpStatusEntryPoint(HttpStatus.UNAUTHORIZED), under("/actuator/"))
                        .defaultAuthenticationEntryPointFor(new HttpStatusEntryPoint(HttpStatus.NOT_FOUND), request -> true))
                .csrf(ConsoleSecurity::tokenInCookie)
                .build();
    }

    /** Hawtio reads the token from the cookie XSRF-TOKEN and sends it back as a header. */
    private static void tokenInCookie(CsrfConfigurer<HttpSecurity> csrf) {
        CsrfTokenRequestAttributeHandler eager = new CsrfTokenRequestAttributeHandler();
        eager.setCsrfRequestAttributeName(null);
        csrf.csrfTokenRepository(CookieCsrfTokenRepository.withHttpOnlyFalse())
                .csrfTokenRequestHandler(eager)
                .ignoringRequestMatchers(INBOX)
                .ignoringRequestMatchers(request -> request.getHeader(HttpHeaders.AUTHORIZATION) != null);
    }

    private static boolean isConsolePage(HttpServletRequest request) {
        String accept = request.getHeader(HttpHeaders.ACCEPT);
        return under("/actuator/hawtio").matches(request) && accept != null && accept.contains("text/html");
    }

    private static RequestMatcher under(String path) {
        return request -> request.getServletPath().startsWith(path);
    }

    @Bean
    PasswordEncoder consolePasswordEncoder() {
        return new BCryptPasswordEncoder(COST);
    }

    @Bean
    UserDetailsService consoleUsers(ConsoleProperties console, PasswordEncoder encoder) {
        String password = console.password();
        if (password.isEmpty()) {
            password = random();
            LOG.info("console at {}: user {}, password {} (set OPSBUS_CONSOLE_PASSWORD to choose it)", CONSOLE, console.user(), password);
        }
        return new InMemoryUserDetailsManager(User.withUsername(console.user()).password(encoder.encode(password)).roles("CONSOLE").build());
    }

    private static String random() {
        byte[] bytes = new byte[18];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
