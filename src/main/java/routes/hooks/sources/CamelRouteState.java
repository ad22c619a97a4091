package routes.hooks.sources;

/**
 * A plain Camel route of the hooks folder as it is now.
 *
 * @param source its file
 * @param description what its author wrote, or null
 * @param status Camel's word: Started, Stopped, Suspended
 * @param exchanges that ended since the route was loaded, {@code completed} and {@code failed} together; all figures
 *     are null while JMX is switched off
 * @param inflight that are under way
 */
public record CamelRouteState(
        String id,
        String source,
        String description,
        String status,
        Long exchanges,
        Long completed,
        Long failed,
        Long inflight) {}
