/**
 * Events as they happen. It reads the server-sent events itself instead of by EventSource: that can't begin behind the events a list has shown already,
 * gives up at the first 503, and hides what the server says.
 */

import {open, path, pause} from './api.js';

const SILENCE_MS = 50_000;
const RECONNECT_SECONDS = 1;
const OUT_OF_SIGHT_MS = 5_000;

/**
 * Follows until the signal, over cuts and absences. A page that nobody sees gives its connection up, since a browser has six to a server for all its tabs
 * together, and goes on where it was when it is seen again.
 * @param from sequence of the last event that is known, or null
 * @param onEvent gets one event of the API (schema Event) at a time
 * @param onState `live`; `cut` with the server's reason; `lost`, `away` and `refused` with a message. Refused is the end.
 */
export async function follow(pattern, filters, from, {onEvent, onState}, signal) {
    let last = from;
    for (await inSight(signal); !signal.aborted; await inSight(signal)) {
        let wait = RECONNECT_SECONDS;
        try {
            await connection(pattern, filters, last, {onEvent, onState, onId: id => last = id}, signal);
        } catch (error) {
            if (signal.aborted) {
                return;
            }
            if (error.status !== undefined && !error.passes) {
                onState('refused', error.message);
                return;
            }
            onState(error.status ? 'away' : 'lost', error.status === undefined ? '' : error.message);
            wait = error.retryAfter ?? wait;
        }
        await pause(wait, signal);
    }
}

/** Waits until the page is seen, or until the signal. */
function inSight(signal) {
    return new Promise(resolve => {
        const done = new AbortController();
        const look = () => {
            if (signal.aborted || document.visibilityState === 'visible') {
                done.abort();
                resolve();
            }
        };
        document.addEventListener('visibilitychange', look, {signal: done.signal});
        signal.addEventListener('abort', look, {signal: done.signal});
        look();
    });
}

async function connection(pattern, filters, from, {onEvent, onState, onId}, signal) {
    const silence = new AbortController();
    let timer = setTimeout(() => silence.abort(), SILENCE_MS);
    let unseen;
    const look = () => {
        clearTimeout(unseen);
        unseen = document.visibilityState === 'visible' ? undefined : setTimeout(() => silence.abort(), OUT_OF_SIGHT_MS);
    };
    document.addEventListener('visibilitychange', look);
    try {
        const response = await open('GET', `${path('events', pattern)}/stream`, {
            query: filters, signal: AbortSignal.any([signal, silence.signal]),
            headers: {Accept: 'text/event-stream', ...(from === null ? {} : {'Last-Event-ID': String(from)})}
        });
        onState('live', '');
        const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
        const parser = new Parser();
        let cut = false;
        for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
            clearTimeout(timer);
            timer = setTimeout(() => silence.abort(), SILENCE_MS);
            for (const message of parser.take(chunk.value)) {
                if (message.id) {
                    onId(message.id);
                }
                if (message.event === 'cut') {
                    cut = true;
                    onState('cut', message.data);
                } else if (message.event === 'event') {
                    onEvent(JSON.parse(message.data));
                }
            }
        }
        if (!cut) {
            onState('lost', '');
        }
    } finally {
        clearTimeout(timer);
        clearTimeout(unseen);
        document.removeEventListener('visibilitychange', look);
    }
}

/** The format of https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream */
class Parser {
    #rest = '';
    #message = {event: 'message', data: null, id: ''};

    /** The messages that end in this piece. */
    take(piece) {
        const lines = (this.#rest + piece).split(/\r\n|\n|\r(?!$)/);
        this.#rest = lines.pop();
        const messages = [];
        for (const line of lines) {
            if (line === '') {
                if (this.#message.data !== null) {
                    messages.push(this.#message);
                }
                this.#message = {event: 'message', data: null, id: ''};
                continue;
            }
            const colon = line.indexOf(':');
            const name = colon < 0 ? line : line.slice(0, colon);
            const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
            if (name === 'data') {
                this.#message.data = this.#message.data === null ? value : `${this.#message.data}\n${value}`;
            } else if (name === 'event' || name === 'id') {
                this.#message[name] = value;
            }
        }
        return messages;
    }
}
