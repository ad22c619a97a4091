/** Deliveries that were given up: why, and again or away with them. */

import {get, post} from './api.js';
import {badge} from './badges.js';
import {confirmed} from './dialog.js';
import {el, field, keyed} from './dom.js';
import {clock, dateTime, number, t} from './language.js';
import {keepLoaded, notice, say} from './notices.js';
import {go, to} from './place.js';
import {mayOperate} from './session.js';

const PAGE = 100;
const FILTERS = ['hook', 'reason', 'event'];

export function deadLetters(main, params) {
    let current = params;
    let end = new AbortController();
    let reload = () => undefined;
    let letters = [];
    let total = {n: 0, exact: true};
    let cursor = null;
    const selected = new Set();
    const notices = el('div', {class: 'notices'});
    const sum = el('span', {class: 'muted', role: 'status'});
    const inputs = FILTERS.map(name => el('input', {name, autocomplete: 'off', spellcheck: 'false'}));
    const form = el('form', {class: 'filters few', role: 'search', 'aria-label': t('live.filters'), onsubmit: apply, onchange: apply}, inputs.map(input => field(t(`dead.${input.name}`), input)),
        el('div', {class: 'buttons'}, el('button', {type: 'submit'}, t('live.apply')), el('button', {type: 'button', onclick: () => go('deadletters')}, t('live.clear'))));
    const every = el('input', {type: 'checkbox', name: 'every', 'aria-label': t('dead.select-all'), onchange: () => {
        letters.forEach(letter => every.checked ? selected.add(letter.sequence) : selected.delete(letter.sequence));
        draw();
    }});
    const action = (name, handler, danger) => el('button', {type: 'button', class: danger ? 'danger' : null, onclick: handler, 'data-name': name});
    const buttons = {
        replay: action('replay', () => replay({sequences: [...selected]}, selected.size)), discard: action('discard', () => discard({sequences: [...selected]}, selected.size), true),
        replayAll: action('replay-all', async () => await confirmed(t('dead.replay-all-title'), whole('dead.replay-all-text'), t('dead.replay')) && replay(filter())),
        discardAll: action('discard-all', () => discard(filter()), true)
    };
    const body = el('tbody', {role: 'rowgroup'});
    const table = el('table', {class: 'cards dead', role: 'table', 'aria-label': t('dead.title')}, el('thead', {role: 'rowgroup'}, el('tr', {role: 'row'}, el('th', {scope: 'col', role: 'columnheader'}, el('label', {class: 'every'}, every, el('span', {'aria-hidden': 'true'}, t('dead.all')))),
        ['when', 'hook', 'reason', 'attempts', 'event', 'actions'].map(name => el('th', {scope: 'col', role: 'columnheader'}, t(`dead.${name}`))))), body);
    const more = el('button', {type: 'button', onclick: loadMore}, t('dead.more'));
    const actions = el('div', {class: 'actions', role: 'group', 'aria-label': t('dead.actions')}, Object.values(buttons));
    const content = el('div', {hidden: true}, actions, table, more);
    main.append(el('div', {class: 'view-head'}, el('h1', {tabindex: '-1'}, t('dead.title')), sum), form, notices, content);
    begin();

    function apply(event) {
        event.preventDefault();
        go('deadletters', Object.fromEntries(new FormData(form)));
    }

    function query() {
        return Object.fromEntries(FILTERS.filter(name => current[name]).map(name => [name, current[name]]));
    }

    /** What replay and discard ask for when they mean all that the filters show. */
    function filter() {
        return Object.keys(query()).length ? query() : {all: true};
    }

    function whole(key) {
        return `${t(key, {n: total.n})} ${Object.entries(query()).map(([name, value]) => `${t(`dead.${name}`)}: ${value}`).join(', ')}`.trim();
    }

    function begin() {
        end.abort();
        end = new AbortController();
        selected.clear();
        inputs.forEach(input => input.value = current[input.name] ?? '');
        reload = keepLoaded({
            signal: end.signal, place: notices, every: 0, load: signal => get('deadletters', {...query(), page_size: PAGE}, signal),
            show: data => {
                letters = [];
                take(data);
            }
        });
    }

    function take(data) {
        letters = letters.concat(data.list ?? []);
        total = {n: data.total ?? letters.length, exact: data.total_exact !== false};
        cursor = data.next_cursor ?? null;
        const there = new Set(letters.map(letter => letter.sequence));
        selected.forEach(sequence => there.has(sequence) || selected.delete(sequence));
        draw();
    }

    async function loadMore() {
        more.disabled = true;
        await told(async () => take(await get('deadletters', {...query(), page_size: PAGE, cursor}, end.signal)));
        more.disabled = false;
    }

    function draw() {
        sum.textContent = t(total.exact ? 'dead.count' : 'dead.count-least', {n: total.n});
        content.hidden = letters.length === 0;
        more.hidden = cursor === null;
        notices.querySelector('.notice-empty')?.remove();
        if (letters.length === 0) {
            const filtered = Object.keys(query()).length > 0;
            notices.append(notice('empty', t('dead.empty'), filtered ? t('dead.empty-filtered') : t('dead.empty-hint')));
        }
        keyed(body, letters, letter => letter.sequence, row);
        body.querySelectorAll('input').forEach(box => box.checked = selected.has(Number(box.value)));
        every.checked = letters.length > 0 && selected.size === letters.length;
        every.indeterminate = selected.size > 0 && selected.size < letters.length;
        buttons.replay.textContent = t('dead.replay-selected', {n: selected.size});
        buttons.discard.textContent = t('dead.discard-selected', {n: selected.size});
        buttons.replayAll.textContent = t(total.exact ? 'dead.replay-all' : 'dead.replay-all-least', {n: total.n});
        buttons.discardAll.textContent = t(total.exact ? 'dead.discard-all' : 'dead.discard-all-least', {n: total.n});
        for (const [name, button] of Object.entries(buttons)) {
            button.disabled = !mayOperate() || (name === 'replay' || name === 'discard') && selected.size === 0;
            button.title = mayOperate() ? '' : t('session.read-only');
        }
    }

    function row(letter) {
        const named = {hook: letter.hook, event: letter.event};
        const box = el('input', {type: 'checkbox', value: letter.sequence, 'data-action': 'select', 'aria-label': t('dead.select', named), onchange: () => {
            box.checked ? selected.add(letter.sequence) : selected.delete(letter.sequence);
            draw();
        }});
        const at = Date.parse(letter.time);
        const cell = (name, ...content) => el('td', {role: 'cell', 'data-label': t(`dead.${name}`), class: `cell-${name}`}, content);
        return el('tr', {role: 'row'}, el('td', {role: 'cell', class: 'cell-select'}, box), cell('when', el('time', {title: dateTime(at)}, clock(at))),
            cell('hook', el('a', {href: to('hooks', {search: letter.hook}), class: 'data', 'data-action': 'hook'}, letter.hook)),
            cell('reason', badge('bad', letter.reason ?? ''), letter.detail && el('span', {class: 'line data problem'}, letter.detail)), cell('attempts', number(letter.attempts ?? 0)),
            cell('event', el('a', {href: to('event', {id: letter.event}), class: 'data', 'data-action': 'event'}, letter.subject || letter.event), el('span', {class: 'line data muted clamp'}, letter.text ?? '')),
            cell('actions', el('button', {type: 'button', 'data-action': 'replay', disabled: !mayOperate(), 'aria-label': t('dead.replay-named', named), onclick: () => replay({sequences: [letter.sequence]}, 1)}, t('dead.replay'))));
    }

    async function replay(which) {
        await told(async () => {
            const {count} = await post('deadletters/replay', which, end.signal);
            say(t('dead.replayed', {n: count}));
            reload();
        });
    }

    async function discard(which, n) {
        const text = n === undefined ? whole('dead.discard-all-text') : t('dead.discard-text', {n});
        if (await confirmed(t('dead.discard-title'), text, t('dead.discard'))) {
            await told(async () => {
                const {count} = await post('deadletters/discard', which, end.signal);
                say(t('dead.discarded', {n: count}));
                reload();
            });
        }
    }

    /** Does it, and says the server's message when that fails. */
    async function told(work) {
        try {
            await work();
        } catch (error) {
            if (error.name === 'AbortError') {
                return;
            }
            if (error.status === undefined) {
                throw error;
            }
            say(error.message, true);
        }
    }

    return {
        close: () => end.abort(),
        update: now => {
            current = now;
            begin();
        }
    };
}
