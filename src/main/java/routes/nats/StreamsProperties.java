package routes.nats;

import io.nats.client.api.StorageType;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The shape of the streams.
 *
 * @param storage {@code file} or {@code memory}; a stream that exists keeps its own
 * @param replicas copies in a NATS cluster
 * @param opsMaxAge how long events are kept in {@code ops} when opsbus creates it
 * @param duplicateWindow within it a message id is taken once. Costs the server about 100 bytes and up per message
 * @param deadlettersMaxAge how long dead letters are kept
 * @param deliveriesMaxMessages when it holds so many, {@code opsbus-deliveries} is full and events wait in {@code ops}
 * @param retriesMaxMessages when it holds so many, {@code opsbus-retries} is full and deliveries wait
 * @param parkedMaxMessages when it holds so many, {@code opsbus-parked} is full and deliveries wait
 * @param attemptsMaxAge how long attempts are kept that {@code explain} shows
 * @param attemptsMaxMessages how many of them; the oldest go first
 */
@ConfigurationProperties("opsbus.streams")
public record StreamsProperties(
        @DefaultValue("file") StorageType storage,
        @DefaultValue("1") int replicas,
        @DefaultValue("24h") Duration opsMaxAge,
        @DefaultValue("70m") Duration duplicateWindow,
        @DefaultValue("7d") Duration deadlettersMaxAge,
        @DefaultValue("1000000") long deliveriesMaxMessages,
        @DefaultValue("1000000") long retriesMaxMessages,
        @DefaultValue("1000000") long parkedMaxMessages,
        @DefaultValue("24h") Duration attemptsMaxAge,
        @DefaultValue("1000000") long attemptsMaxMessages) {}
