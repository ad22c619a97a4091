package routes.nats;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How to reach NATS.
 *
 * @param url             one or more servers, separated by commas; empty: the machine's nats-server as a child process.
 *                        See {@link NatsAddress} for the forms. Environment: {@code EVENT_ENDPOINT}.
 * @param user            user name, when it is not part of the url
 * @param password        password, when it is not part of the url
 * @param token           token, when it is not part of the url
 * @param credentials     path of a {@code .creds} file (JWT and nkey)
 * @param dataDir         where the child nats-server keeps its data
 * @param publishTimeout  how long a publish waits for the server's PubAck before it counts as failed
 * @param firstStart      what a router that is new to an existing stream reads: {@code all} it holds, or only what is {@code new}
 */
@ConfigurationProperties("opsbus.nats")
public record NatsProperties(
        @DefaultValue("") String url,
        @DefaultValue("") String user,
        @DefaultValue("") String password,
        @DefaultValue("") String token,
        @DefaultValue("") String credentials,
        @DefaultValue("data") Path dataDir,
        @DefaultValue("5s") Duration publishTimeout,
        @DefaultValue("all") FirstStart firstStart) {

    public enum FirstStart { ALL, NEW }

    /** @throws IOException when what the child nats-server needs, if there will be one, is not there */
    public void check() throws IOException {
        if (url.isBlank()) {
            ChildNatsServer.check(dataDir);
        }
    }
}
