/** Events as they happen, the newest first: filters, a timeline, the list, and one event beside it. */

import {get, path, pause} from './api.js';
import {badge} from './badges.js';
import {el, field, select} from './dom.js';
import {read} from './event.js';
import {eventDetail} from './event-detail.js';
import {follow} from './feed.js';
import {clock, number, t} from './language.js';
import {errorNotice, notice} from './notices.js';
import {go, to} from './place.js';
import {MINUTE_MS, MINUTES, Timeline, minuteOf} from './timeline.js';
import {VirtualList} from './virtual-list.js';

/** Most events that are kept, and most that wait while paused; older ones are dropped. */
const MOST = 10_000;
const PAGE = 1_000;
const EVERYTHING = 'ops.>';
/** What is seen of an object; `once` is what happened without what hooks published again for it, `all` is both. */
const OBSERVATIONS = ['once', 'all', 'events', 'status', 'alerts', 'findings'];
const FILTERS = ['cluster', 'namespace', 'kind', 'name', 'reason', 'type', 'text'];
const NARROW = matchMedia('(max-width: 700px)');

export function live(main, params) {
    return new Live(main, params);
}

class Live {
    #params;
    #query = '';
    #end = new AbortController();
    #panelEnd = new AbortController();
    #events = [];
    #shown = [];
    #incoming = [];
    #waiting = [];
    #dropped = false;
    #paused = false;
    #cursor = null;
    #loading = false;
    #newest = null;
    #panelSequence = null;
    #closed = new AbortController();

    constructor(main, params) {
        this.state = el('span', {class: 'feed-state', role: 'status'});
        this.pauseButton = el('button', {type: 'button', class: 'pause', onclick: () => this.#pauseOrGoOn()});
        this.count = el('span', {class: 'muted count-loaded'});
        this.form = this.#filters();
        this.timeline = new Timeline({onMinute: minute => this.#set({minute}), onReason: reason => this.#set({reason})});
        this.notices = el('div', {class: 'notices'});
        this.chips = el('div', {class: 'chips'});
        this.list = new VirtualList({label: t('live.list'), key: event => event.sequence, render: event => this.#row(event), rowHeight: () => NARROW.matches ? 72 : 28, onEnd: () => this.#older()});
        this.panel = el('aside', {class: 'panel', 'aria-label': t('event.title'), hidden: true, onkeydown: event => event.key === 'Escape' && this.#closePanel()});
        main.classList.add('fills');
        main.append(el('div', {class: 'view-head'}, el('h1', {tabindex: '-1'}, t('live.title')), this.state, this.pauseButton, this.count), this.form, this.timeline.element, this.chips, this.notices,
            el('div', {class: 'beside-panel'}, this.list.element, this.panel));
        this.ticker = setInterval(() => this.#drawTimeline(), 1000);
        this.update(params);
        this.#drawPause();
    }

    close() {
        clearInterval(this.ticker);
        this.list.close();
        [this.#end, this.#panelEnd, this.#closed].forEach(controller => controller.abort());
    }

    /** A new place: what did not change in it goes on. */
    update(params) {
        this.#params = params;
        const minute = this.#minute();
        const past = minute !== null && minute < minuteOf(Date.now()) - (MINUTES - 1) * MINUTE_MS;
        const query = JSON.stringify([this.#pattern(), this.#wanted(), past ? minute : null]);
        if (query !== this.#query) {
            this.#query = query;
            this.#begin(past ? minute + MINUTE_MS : null);
        }
        this.#fillForm();
        this.#drawChips();
        this.#select(0);
        this.#drawTimeline();
        this.#drawPanel();
    }

    #pattern() {
        return this.#params.pattern || EVERYTHING;
    }

    #minute() {
        const minute = Number(this.#params.minute);
        return this.#params.minute && Number.isFinite(minute) ? minuteOf(minute) : null;
    }

    #wanted() {
        const filters = Object.fromEntries(FILTERS.filter(name => this.#params[name]).map(name => [name, this.#params[name]]));
        const observation = this.#params.observation ?? usual(this.#params.pattern);
        return {...filters, ...(observation === 'once' ? {forwarded: false} : observation === 'all' ? {} : {observation})};
    }

    /** How many filters are set. */
    #active() {
        return ['pattern', 'observation', ...FILTERS].filter(name => this.#params[name]).length;
    }

    #set(changed) {
        go('live', {...this.#params, ...changed});
    }

    // --- filters

    #filters() {
        const inputs = ['pattern', ...FILTERS].map(name => el('input', {name, autocomplete: 'off', spellcheck: 'false', placeholder: name === 'pattern' ? EVERYTHING : null,
            list: name === 'type' ? 'types' : null}));
        const observation = select('observation', OBSERVATIONS.map(id => [id, t(`observation.${id}`)]), 'once');
        const more = el('button', {type: 'button', class: 'more', 'aria-expanded': 'false', 'aria-controls': 'filters', onclick: () => {
            const open = this.form.classList.toggle('open');
            more.setAttribute('aria-expanded', String(open));
        }}, t('live.filters'));
        return el('form', {class: 'filters', id: 'filters', role: 'search', 'aria-label': t('live.filters'), onsubmit: event => this.#apply(event), onchange: event => this.#apply(event)},
            [inputs[0], observation, ...inputs.slice(1)].map(input => field(t(`filter.${input.name}`), input)), el('datalist', {id: 'types'}, ['Normal', 'Warning'].map(value => el('option', {value}))),
            el('div', {class: 'buttons'}, el('button', {type: 'submit'}, t('live.apply')), el('button', {type: 'button', class: 'clear', onclick: () => go('live')}, t('live.clear')), more));
    }

    #apply(event) {
        event.preventDefault();
        const filters = Object.fromEntries(new FormData(this.form));
        // a pattern that is new names what is wanted, an alert's for one, unless the choice says otherwise
        const chosen = event.target.name === 'observation' || this.#params.observation;
        this.#set({...filters, observation: chosen && filters.observation !== usual(filters.pattern) ? filters.observation : null});
    }

    #fillForm() {
        for (const input of this.form.elements) {
            if (input.name && input !== document.activeElement) {
                input.value = this.#params[input.name] ?? (input.name === 'observation' ? usual(this.#params.pattern) : '');
            }
        }
        const active = this.#active();
        this.form.querySelector('.more').textContent = active ? t('live.filters-set', {n: active}) : t('live.filters');
        this.form.querySelector('.clear').disabled = active === 0;
    }

    #drawChips() {
        const minute = this.#minute();
        this.chips.replaceChildren(...(minute === null ? [] : [el('button', {type: 'button', class: 'chip', onclick: () => this.#set({minute: null})}, t('live.minute', {time: clock(minute, false)}), ' ✕')]));
    }

    // --- loading and following

    /** @param until null: now, and on */
    async #begin(until) {
        this.#end.abort();
        this.#end = new AbortController();
        const signal = AbortSignal.any([this.#end.signal, this.#closed.signal]);
        this.#events = [];
        this.#incoming = [];
        this.#waiting = [];
        this.#dropped = false;
        this.#cursor = null;
        this.#newest = null;
        this.until = until;
        this.ready = false;
        this.#state('connecting');
        this.#select(0);
        this.notices.replaceChildren(notice('loading', t('live.loading')));
        const first = await this.#loadFirst(signal);
        if (!first || signal.aborted) {
            return;
        }
        this.ready = true;
        this.#append(first);
        this.#newest = this.#events[0]?.sequence ?? null;
        this.notices.replaceChildren();
        this.#drawEmpty();
        this.#completeHour(signal);
        if (until !== null) {
            this.#state('past');
            return;
        }
        const flush = setInterval(() => this.#flush(), 100);
        signal.addEventListener('abort', () => clearInterval(flush), {once: true});
        await follow(this.#pattern(), this.#wanted(), this.#newest, {
            onEvent: row => this.#incoming.push(read(row)),
            onState: (state, message) => !signal.aborted && this.#feedState(state, message)
        }, signal);
    }

    async #loadFirst(signal) {
        while (!signal.aborted) {
            try {
                return await this.#page(signal);
            } catch (error) {
                if (signal.aborted || error.status === undefined) {
                    if (signal.aborted) {
                        return null;
                    }
                    throw error;
                }
                this.notices.replaceChildren(errorNotice(error, () => this.#begin(this.until)));
                this.#state(error.passes ? 'away' : 'refused');
                if (!error.passes) {
                    return null;
                }
                await pause(error.retryAfter, signal);
            }
        }
        return null;
    }

    #page(signal) {
        const to = this.until === null ? null : new Date(this.until).toISOString();
        return get(path('events', this.#pattern()), {...this.#wanted(), to, page_size: PAGE, cursor: this.#cursor}, signal);
    }

    #append(data) {
        this.#cursor = data.next_cursor ?? null;
        this.#events = this.#events.concat((data.list ?? []).map(read)).slice(0, MOST);
        this.#select(0);
        this.#drawTimeline();
    }

    /** The timeline is right for the minutes of which all events are loaded: up to the most that are kept. */
    async #completeHour(signal) {
        const begin = (this.until ?? Date.now()) - MINUTES * MINUTE_MS;
        while (!signal.aborted && this.#cursor !== null && this.#events.length < MOST && this.#events.at(-1).at > begin) {
            if (!await this.#more(signal)) {
                return;
            }
        }
    }

    async #older() {
        if (this.ready && !this.#loading && this.#cursor !== null && this.#events.length < MOST) {
            await this.#more(AbortSignal.any([this.#end.signal, this.#closed.signal]));
        }
    }

    async #more(signal) {
        if (this.#loading) {
            return false;
        }
        this.#loading = true;
        try {
            const data = await this.#page(signal);
            if (!signal.aborted) {
                this.#append(data);
            }
            return true;
        } catch (error) {
            if (!signal.aborted) {
                if (error.status === undefined) {
                    throw error;
                }
                this.notices.replaceChildren(errorNotice(error, () => {
                    this.notices.replaceChildren();
                    this.#more(signal);
                }));
            }
            return false;
        } finally {
            this.#loading = false;
        }
    }

    #flush() {
        if (this.#incoming.length === 0) {
            return;
        }
        // the feed may repeat what the list brought
        const fresh = this.#incoming.filter(event => this.#newest === null || event.sequence > this.#newest);
        this.#incoming = [];
        if (fresh.length === 0) {
            return;
        }
        this.#newest = fresh.at(-1).sequence;
        fresh.reverse();
        if (this.#paused) {
            const all = fresh.concat(this.#waiting);
            this.#dropped ||= all.length > MOST;
            this.#waiting = all.slice(0, MOST);
            this.#drawPause();
        } else {
            this.#prepend(fresh);
        }
    }

    #prepend(fresh) {
        this.#events = fresh.concat(this.#events);
        if (this.#events.length > MOST) {
            // what is dropped here would be the next page's
            this.#cursor = null;
            this.#events.length = MOST;
        }
        const minute = this.#minute();
        this.#select(minute === null ? fresh.length : 0);
        this.#drawEmpty();
    }

    #select(above) {
        const minute = this.#minute();
        this.#shown = minute === null ? this.#events : this.#events.filter(event => event.at >= minute && event.at < minute + MINUTE_MS);
        this.list.show(this.#shown, above);
        this.count.textContent = t('live.count', {n: this.#shown.length});
        if (this.ready) {
            this.#drawEmpty();
        }
    }

    #drawEmpty() {
        const empty = this.notices.querySelector('.notice-empty');
        if (this.#shown.length || !this.ready) {
            empty?.remove();
        } else if (!empty) {
            const filtered = this.#active() > 0 || this.#minute() !== null;
            this.notices.append(notice('empty', t('live.empty'), filtered ? t('live.empty-filtered') : t('live.empty-all'),
                filtered && el('button', {type: 'button', onclick: () => go('live')}, t('live.clear'))));
        }
    }

    #feedState(state, message) {
        this.notices.querySelector('.notice-away, .notice-error')?.remove();
        this.#state(state);
        const hints = {cut: t('live.cut-hint'), lost: t('error.goes-on'), away: t('error.goes-on'), refused: ''};
        if (state !== 'live') {
            const titles = {cut: t('live.cut'), lost: t('error.server-away'), away: t('error.nats-away'), refused: t('error.title')};
            this.notices.append(notice(state === 'refused' ? 'error' : 'away', titles[state], `${message} ${hints[state]}`.trim()));
        }
    }

    #state(state) {
        const kinds = {live: 'good', connecting: 'waiting', past: 'paused', refused: 'bad'};
        this.state.replaceChildren(badge(kinds[state] ?? 'warning', t(`feed.${state}`)));
        this.pauseButton.hidden = state === 'past';
    }

    #pauseOrGoOn() {
        this.#paused = !this.#paused;
        if (!this.#paused && this.#waiting.length) {
            const waiting = this.#waiting;
            this.#waiting = [];
            this.#dropped = false;
            this.#prepend(waiting);
        }
        this.#drawPause();
    }

    #drawPause() {
        this.pauseButton.textContent = this.#paused ? t(this.#dropped ? 'live.go-on-most' : 'live.go-on', {n: this.#waiting.length}) : t('live.pause');
        this.pauseButton.classList.toggle('is-paused', this.#paused);
        this.list.element.classList.toggle('is-paused', this.#paused);
    }

    #drawTimeline() {
        this.timeline.draw(this.#events, this.until === null || this.until === undefined ? Date.now() : this.until - 1, {minute: this.#minute(), reason: this.#params.reason ?? null});
    }

    // --- the list and one event of it

    #row(event) {
        const where = [event.kind, event.name].filter(Boolean).join('/');
        return el('a', {class: `event severity-${event.severity}`, 'aria-current': String(this.#isOpen(event.sequence)), href: to('live', {...this.#params, event: event.id, sequence: event.sequence}), onclick: click => {
            // the filters may be others since the row was made
            if (!click.ctrlKey && !click.metaKey && !click.shiftKey) {
                click.preventDefault();
                this.#set({event: event.id, sequence: event.sequence});
            }
        }}, el('time', {}, clock(event.time)), badge(event.severity, event.type), el('span', {class: 'observation data', title: event.subject}, event.origin ? `↳ ${event.observation}` : event.observation),
        el('span', {class: 'reason data'}, event.reason),
        el('span', {class: 'object data', title: [event.cluster, event.namespace, where].filter(Boolean).join(' / ')},
            el('span', {class: 'muted'}, [event.cluster, event.namespace].filter(Boolean).join('/')), ' ', where), el('span', {class: 'message data'}, event.message));
    }

    #drawPanel() {
        const {event: id, sequence} = this.#params;
        const wanted = id ? `${sequence}/${id}` : null;
        if (wanted === this.#panelSequence) {
            return;
        }
        this.#panelSequence = wanted;
        this.#panelEnd.abort();
        this.#panelEnd = new AbortController();
        this.panel.hidden = wanted === null;
        if (wanted === null) {
            this.panel.replaceChildren();
            this.#markOpen();
            return;
        }
        const known = this.#open() ?? null;
        this.#markOpen();
        const heading = el('h2', {tabindex: '-1'}, t('event.title'));
        this.panel.replaceChildren(el('div', {class: 'panel-head'}, heading, el('a', {href: to('event', {id, sequence})}, t('event.own-page')),
            el('button', {type: 'button', class: 'close', 'aria-label': t('event.close'), onclick: () => this.#closePanel()}, '✕')),
        eventDetail({id, sequence, known, level: 3, signal: this.#panelEnd.signal, linkTo: other => to('live', {...this.#params, event: other, sequence: null})}));
        this.panel.scrollTop = 0;
        heading.focus();
    }

    #markOpen() {
        this.list.element.querySelectorAll('.event').forEach(link => link.setAttribute('aria-current', String(this.#isOpen(link.dataset.key))));
    }

    #isOpen(sequence) {
        return this.#params.event !== undefined && String(sequence) === String(this.#open()?.sequence ?? this.#params.sequence);
    }

    /** The event beside the list, when the list has it; a link may know its id only. */
    #open() {
        const {event: id, sequence} = this.#params;
        return id && this.#events.find(event => sequence ? String(event.sequence) === sequence : event.id === id);
    }

    #closePanel() {
        const sequence = Number(this.#open()?.sequence ?? this.#params.sequence);
        this.#set({event: null, sequence: null});
        // as the place changes only after this
        setTimeout(() => this.list.focus(sequence) || this.pauseButton.focus());
    }
}

/** The observation that is meant when none is chosen: a pattern says itself which it wants. */
function usual(pattern) {
    return pattern ? 'all' : 'once';
}
