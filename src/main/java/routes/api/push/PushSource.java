package routes.api.push;

import java.util.stream.Stream;
import routes.api.rest.ApiException;
import routes.api.rest.ApiRequest;

/** A system that pushes in its own form, on {@code /api/v1/push/{name}}. */
interface PushSource {

    String name();

    /**
     * Made one by one as they are asked for, so that who asks can stop.
     *
     * @throws ApiException for what the sender did wrong, now or while the events are made
     */
    Stream<Pushed> events(ApiRequest request);
}
