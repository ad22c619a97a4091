/** Events per minute of an hour, each bar stacked by reason: buttons that choose a minute, a legend that chooses a reason, and the same as a table. */

import {el} from './dom.js';
import {clock, number, t} from './language.js';

export const MINUTES = 60;
export const MINUTE_MS = 60_000;
const REASONS = 6;

/** The beginning of a moment's minute, milliseconds since 1970. */
export function minuteOf(moment) {
    return Math.floor(moment / MINUTE_MS) * MINUTE_MS;
}

export class Timeline {
    #bars = [];
    #active = MINUTES - 1;
    #scale = el('span', {class: 'scale', 'aria-hidden': 'true'});
    #legend = el('ul', {class: 'legend', 'aria-label': t('timeline.reasons')});
    #table = el('div', {class: 'table-place', tabindex: '0', role: 'region', 'aria-label': t('timeline.table')});
    #details = el('details', {class: 'as-table', ontoggle: () => this.#drawTable()}, el('summary', {}, t('timeline.table')), this.#table);
    #shown = {minutes: [], reasons: [], colours: new Map()};

    /** @param onMinute and onReason get what was clicked, or null when it was chosen already */
    constructor({onMinute, onReason}) {
        this.onMinute = onMinute;
        this.onReason = onReason;
        for (let i = 0; i < MINUTES; i++) {
            this.#bars.push(el('button', {type: 'button', class: 'bar', onclick: () => this.#choose(i)}));
        }
        const bars = el('div', {class: 'bars', role: 'group', 'aria-label': t('timeline.title'), onkeydown: event => this.#move(event)}, this.#bars);
        this.ticks = el('div', {class: 'ticks', 'aria-hidden': 'true'});
        this.element = el('section', {class: 'timeline', 'aria-label': t('timeline.title')},
            el('div', {class: 'chart'}, this.#scale, bars, this.ticks), el('div', {class: 'beside'}, this.#legend, this.#details));
    }

    /**
     * @param events newest first
     * @param end the hour's, milliseconds since 1970
     * @param chosen {minute, reason}, null: none
     */
    draw(events, end, chosen) {
        const lastMinute = minuteOf(end);
        const begin = lastMinute - (MINUTES - 1) * MINUTE_MS;
        const minutes = Array.from({length: MINUTES}, (_, i) => ({at: begin + i * MINUTE_MS, total: 0, counts: new Map()}));
        const totals = new Map();
        for (const event of events) {
            const minute = minutes[Math.floor((event.at - begin) / MINUTE_MS)];
            if (minute) {
                minute.total++;
                minute.counts.set(event.reason, (minute.counts.get(event.reason) ?? 0) + 1);
                totals.set(event.reason, (totals.get(event.reason) ?? 0) + 1);
            }
        }
        const ranked = [...totals].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
        const reasons = ranked.slice(0, ranked.length > REASONS ? REASONS - 1 : REASONS).map(([reason]) => reason);
        this.#shown = {minutes, reasons, totals, colours: keptColours(this.#shown.colours, reasons), others: ranked.length > reasons.length ? ranked.slice(reasons.length).reduce((sum, [, n]) => sum + n, 0) : 0};
        const highest = Math.max(1, ...minutes.map(minute => minute.total));
        this.#scale.textContent = number(highest);
        minutes.forEach((minute, i) => this.#drawBar(this.#bars[i], minute, highest, chosen.minute === minute.at, i));
        this.ticks.replaceChildren(...[0, 15, 30, 45, 59].map(i => el('span', {}, clock(minutes[i].at, false))));
        this.#drawLegend(chosen.reason);
        this.#drawTable();
    }

    #drawBar(bar, minute, highest, chosen, index) {
        const {reasons, colours} = this.#shown;
        const parts = split(minute, reasons);
        const label = [t('timeline.minute', {time: clock(minute.at, false), n: minute.total}), ...parts.map(({reason, count}) => `${reason ?? t('timeline.others')} ${number(count)}`)].join(', ');
        const shape = JSON.stringify([label, highest, parts.map(({reason}) => colours.get(reason))]);
        if (bar.shape !== shape) {
            bar.shape = shape;
            bar.title = label;
            bar.setAttribute('aria-label', label);
            bar.replaceChildren(...parts.map(({reason, count}) => {
                const part = el('span', {class: `part colour-${colours.get(reason) ?? 'others'}`});
                part.style.height = `${100 * count / highest}%`;
                return part;
            }));
        }
        bar.tabIndex = index === this.#active ? 0 : -1;
        bar.setAttribute('aria-pressed', String(chosen));
    }

    #drawLegend(chosen) {
        const {reasons, totals, others, colours} = this.#shown;
        const entries = reasons.map(reason => ({reason, count: totals.get(reason), colour: colours.get(reason), pressed: chosen === reason}));
        if (others) {
            entries.push({reason: null, count: others, colour: 'others'});
        }
        const shape = JSON.stringify(entries);
        if (this.#legend.shape === shape) {
            return;
        }
        const focused = this.#legend.contains(document.activeElement) ? document.activeElement.dataset.reason : undefined;
        this.#legend.shape = shape;
        this.#legend.replaceChildren(...entries.map(({reason, count, colour, pressed}) => {
            const content = [el('span', {class: `swatch colour-${colour}`, 'aria-hidden': 'true'}), el('span', {class: 'name'}, reason ?? t('timeline.others')), ' ', el('span', {class: 'count'}, number(count))];
            return el('li', {}, reason === null ? el('span', {class: 'entry'}, content)
                : el('button', {type: 'button', class: 'entry', 'data-reason': reason, 'aria-pressed': String(pressed), title: t('timeline.only', {reason}),
                    onclick: () => this.onReason(pressed ? null : reason)}, content));
        }));
        if (focused !== undefined) {
            [...this.#legend.querySelectorAll('button')].find(button => button.dataset.reason === focused)?.focus();
        }
    }

    #drawTable() {
        if (!this.#details.open) {
            this.#table.replaceChildren();
            return;
        }
        const {minutes, reasons, others} = this.#shown;
        const heads = [t('timeline.time'), t('timeline.total'), ...reasons, ...(others ? [t('timeline.others')] : [])];
        const scrolled = this.#table.scrollTop;
        this.#table.replaceChildren(el('table', {}, el('thead', {}, el('tr', {}, heads.map(head => el('th', {scope: 'col'}, head)))),
            el('tbody', {}, minutes.filter(minute => minute.total).reverse().map(minute => {
                const counts = new Map(split(minute, reasons).map(({reason, count}) => [reason, count]));
                return el('tr', {}, el('th', {scope: 'row'}, clock(minute.at, false)), el('td', {}, number(minute.total)),
                    [...reasons, ...(others ? [null] : [])].map(reason => el('td', {}, number(counts.get(reason) ?? 0))));
            }))));
        this.#table.scrollTop = scrolled;
    }

    #choose(i) {
        const pressed = this.#bars[i].getAttribute('aria-pressed') === 'true';
        this.#active = i;
        this.onMinute(pressed ? null : this.#shown.minutes[i].at);
    }

    #move(event) {
        const to = {ArrowLeft: this.#active - 1, ArrowRight: this.#active + 1, Home: 0, End: MINUTES - 1}[event.key];
        if (to !== undefined && this.#bars[to]) {
            event.preventDefault();
            this.#bars[this.#active].tabIndex = -1;
            this.#active = to;
            this.#bars[to].tabIndex = 0;
            this.#bars[to].focus();
        }
    }
}

/** A minute's counts of the reasons with a colour of their own, then of all others. */
function split(minute, reasons) {
    const parts = reasons.map(reason => ({reason, count: minute.counts.get(reason) ?? 0})).filter(part => part.count);
    const others = minute.total - parts.reduce((sum, part) => sum + part.count, 0);
    return others ? [...parts, {reason: null, count: others}] : parts;
}

/** A reason keeps its colour as long as it is among the first. */
function keptColours(before, reasons) {
    const colours = new Map(reasons.filter(reason => before.has(reason)).map(reason => [reason, before.get(reason)]));
    const free = Array.from({length: REASONS}, (_, colour) => colour).filter(colour => ![...colours.values()].includes(colour));
    reasons.filter(reason => !colours.has(reason)).forEach(reason => colours.set(reason, free.shift()));
    return colours;
}
