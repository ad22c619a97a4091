/** What the page says beside its data: loading, nothing there, errors, and what an action did. */

import {pause} from './api.js';
import {el} from './dom.js';
import {t} from './language.js';

/** @param kind loading, empty, error or away; actions: buttons */
export function notice(kind, title, hint, ...actions) {
    return el('div', {class: `notice notice-${kind}`, role: kind === 'error' ? 'alert' : 'status'},
        el('strong', {}, title), hint && el('span', {}, hint), actions);
}

export function errorNotice(error, retry) {
    if (error.passes) {
        return notice('away', error.status === 0 ? t('error.server-away') : t('error.nats-away'), `${error.message} ${t('error.goes-on')}`);
    }
    return notice('error', error.status === 403 ? t('error.forbidden') : t('error.title'), error.message,
        retry && el('button', {type: 'button', onclick: retry}, t('error.retry')));
}

let line;

/** The place of {@link say}; one for the page. */
export function statusLine() {
    line = el('div', {class: 'said', role: 'status', 'aria-live': 'polite'});
    return line;
}

/** Tells what an action did, to eyes and to screen readers, until something else is said or a while has passed. */
export function say(text, failed = false) {
    line.textContent = text;
    line.classList.toggle('said-failed', failed);
    clearTimeout(line.timer);
    line.timer = setTimeout(() => line.textContent = '', 12_000);
}

/**
 * Loads, shows, and does so again: every so often, at once when asked, and by itself after an error that passes.
 * @param place where loading and errors are said
 * @param every seconds, 0: once; may be a function of the data
 * @returns a function that loads now
 */
export function keepLoaded({load, show, place, every, signal}) {
    let wake = new AbortController();
    const now = () => wake.abort();
    let said = '';
    place.replaceChildren(notice('loading', t('state.loading')));
    (async () => {
        while (!signal.aborted) {
            wake = new AbortController();
            let wait = 0;
            try {
                const data = await load(signal);
                if (signal.aborted) {
                    return;
                }
                place.replaceChildren();
                said = '';
                show(data);
                wait = typeof every === 'function' ? every(data) : every;
            } catch (error) {
                if (signal.aborted) {
                    return;
                }
                if (error.status === undefined) {
                    throw error;
                }
                // the same error again would be read aloud again
                if (said !== `${error.status} ${error.message}`) {
                    said = `${error.status} ${error.message}`;
                    place.replaceChildren(errorNotice(error, now));
                }
                wait = error.passes ? error.retryAfter : typeof every === 'number' ? every : 0;
            }
            const woken = AbortSignal.any([signal, wake.signal]);
            if (!woken.aborted) {
                await pause(wait || 86_400, woken);
            }
        }
    })();
    return now;
}
