package routes.api.events;

import java.io.IOException;
import java.util.List;
import routes.nats.WireHeaders;
import routes.nats.history.HistoryReads;
import routes.nats.history.OldestFirst;
import routes.nats.history.OldestFirst.Range;

/** What the stream already holds, as events of the tail. */
final class TailHistory {

    private final OldestFirst events;

    TailHistory(HistoryReads reads) {
        this.events = new OldestFirst(reads);
    }

    /**
     * @param through  up to this sequence everything was read
     * @param complete whether it is all that was asked for
     */
    record Stretch(List<TailEvent> events, long through, boolean complete) {
    }

    /** @throws IOException when NATS is away or has no stream yet */
    Range range() throws IOException {
        return events.range();
    }

    /** As {@link OldestFirst#read}. */
    Stretch read(long after, long end, int mostEvents, long mostBytes) throws IOException, InterruptedException {
        OldestFirst.Stretch read = events.read(after, end, mostEvents, mostBytes);
        return new Stretch(read.events().stream().map(event -> new TailEvent(event.sequence(), event.stored(), event.subject(), event.payload(), event.rawHeader(WireHeaders.MESSAGE_ID))).toList(),
                read.through(), read.complete());
    }
}
