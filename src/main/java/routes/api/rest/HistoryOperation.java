package routes.api.rest;

import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import routes.nats.history.HistoryRead;
import routes.nats.history.HistoryReads;

/**
 * An operation that reads what streams hold: on the threads for that, and as long as its client waits for the answer.
 */
public abstract class HistoryOperation extends ApiOperation {

    /**
     * Seconds after which who found no place may come again: a query takes up to five, and so long waits for its turn.
     */
    public static final int COME_AGAIN = 10;

    private final HistoryReads reads;

    protected HistoryOperation(HistoryReads reads) {
        this.reads = reads;
    }

    /** As {@link ApiOperation#answer}. @param read to be given to all that reads */
    protected abstract Answer answer(ApiRequest request, HistoryRead read) throws Exception;

    @Override
    protected final Answer answer(ApiRequest request) throws Exception {
        SecurityContext caller = SecurityContextHolder.getContext();
        try {
            return reads.read(
                    read -> {
                        SecurityContextHolder.setContext(caller);
                        try {
                            return answer(request, read);
                        } finally {
                            SecurityContextHolder.clearContext();
                        }
                    },
                    request::isClientGone);
        } catch (RejectedExecutionException e) {
            return Answer.busy(
                    "too many read history at the same time (opsbus.history.threads, opsbus.history.queue): "
                            + e.getMessage(),
                    COME_AGAIN);
        } catch (CancellationException e) {
            return Answer.failed(408, "the client did not wait for the answer"); // nobody reads it
        }
    }
}
