package routes.api;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may open the console.
 *
 * @param user     user name
 * @param password password, at most 72 bytes; empty: a new one at every start, printed in the log
 */
@ConfigurationProperties("opsbus.console")
public record ConsoleProperties(@DefaultValue("opsbus") String user, @DefaultValue("") String password) {
}
