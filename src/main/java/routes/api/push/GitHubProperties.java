package routes.api.push;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How GitHub's webhooks prove that they are GitHub's.
 *
 * @param secret the same as in GitHub's settings of the webhook; without one none is taken
 */
@ConfigurationProperties("opsbus.push.github")
record GitHubProperties(@DefaultValue("") String secret) {}
