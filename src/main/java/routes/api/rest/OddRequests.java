package routes.api.rest;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import routes.nats.SeldomLog;

/**
 * What no honest client sends, such as dots in a path or bytes that are no request. Who sends it sends more: of each
 * kind at most one line of the log in ten seconds.
 */
public final class OddRequests {

    private static final Logger LOG = LoggerFactory.getLogger("server");
    private static final SeldomLog SELDOM = new SeldomLog();

    private OddRequests() {}

    /**
     * @param kind one of a few: who found it odd
     * @param address of the connection
     */
    public static void say(String kind, String address, int status, String why) {
        SELDOM.say(kind, more -> LOG.warn("an odd request from {} is answered {}: {}{}", address, status, why, more));
    }
}
