/** One event with all there is to know: its text, its data, and what each hook made of it. */

import {get} from './api.js';
import {badge} from './badges.js';
import {el} from './dom.js';
import {read} from './event.js';
import {ago, clock, dateTime, number, t} from './language.js';
import {keepLoaded, notice} from './notices.js';
import {to} from './place.js';

const STATES = {delivered: 'good', dead: 'bad', pending: 'waiting', unknown: 'waiting', none: 'normal'};
const REFRESH_SECONDS = 5;

/**
 * @param id of the event
 * @param known the event, when it is at hand, else null
 * @param level of its headings
 * @param signal its end
 * @param linkTo gives the address of another event, by its id
 */
export function eventDetail({id, sequence, known, level, signal, linkTo}) {
    const facts = el('div', {class: 'facts'});
    const state = el('div', {});
    const hooks = el('div', {class: 'explained'});
    const head = `h${level}`;
    const headline = el('div', {class: 'headline'});
    const showFacts = event => {
        headline.replaceChildren(el('div', {}, badge(event.severity, event.type), el('strong', {class: 'data'}, event.reason), ' ', el('span', {class: 'data'}, [event.kind, event.name].filter(Boolean).join('/')), ' ',
            el('span', {class: 'muted'}, ago(event.time))), el('div', {class: 'data'}, event.message),
        event.origin && el('div', {}, t('event.published-by'), ' ', hookLink(event.publisher), ' ', el('a', {href: linkTo(event.origin), class: 'to-origin'}, t('event.to-origin'))));
        facts.replaceChildren(summary(event), el(head, {}, t('event.text')), el('pre', {class: 'data'}, event.row.text ?? ''),
        el(head, {}, t('event.data')), el('div', {class: 'tree data'}, tree(event.row.event?.data, 0)));
    };
    if (known) {
        showFacts(known);
    }
    let shown = '';
    keepLoaded({
        signal, place: state, every: data => data.hooks?.some(hook => hook.state === 'pending') ? REFRESH_SECONDS : 0,
        load: ending => get('explain', {event: id, sequence}, ending),
        show: data => {
            const shape = JSON.stringify(data);
            if (shape === shown) {
                return;
            }
            shown = shape;
            if (!known || !facts.firstChild) {
                showFacts(read(data.event));
            }
            showHooks(hooks, data.hooks ?? [], head, linkTo);
        }
    });
    return el('div', {class: 'event-detail'}, headline, hooks, state, facts);
}

function summary(event) {
    const object = [event.cluster, event.namespace, event.kind, event.name].filter(Boolean).join(' / ');
    return el('dl', {class: 'summary'},
        pair(t('event.severity'), badge(event.severity, event.type)), pair(t('event.reason'), event.reason), pair(t('event.object'), object), pair(t('event.observation'), event.observation),
        pair(t('event.time'), `${dateTime(event.time)} (${ago(event.time)})`), pair(t('event.stored'), dateTime(event.at)),
        pair(t('event.subject'), el('a', {href: to('live', {pattern: event.subject})}, event.subject)),
        pair(t('event.id'), el('code', {}, event.id)), pair(t('event.sequence'), String(event.sequence ?? '')));
}

function pair(name, value) {
    return value !== '' && [el('dt', {}, name), el('dd', {class: 'data'}, value)];
}

function showHooks(place, hooks, head, linkTo) {
    const fired = hooks.filter(hook => hook.fires);
    const others = hooks.filter(hook => !hook.fires);
    const open = place.querySelector('details.not-fired')?.open ?? fired.length === 0;
    const list = el('div', {});
    const details = el('details', {class: 'not-fired', open, ontoggle: () => {
        if (details.open && !list.firstChild) {
            list.append(el('ul', {class: 'verdicts'}, others.map(hook => el('li', {}, hookLink(hook.hook), el('span', {class: 'why data'}, hook.why)))));
        }
    }}, el('summary', {}, t('event.not-fired', {n: others.length})), list);
    place.replaceChildren(el(head, {}, t('event.fired', {n: fired.length})),
        fired.length ? el('ul', {class: 'verdicts'}, fired.map(hook => verdict(hook, linkTo))) : notice('empty', t('event.none-fired'), hooks.length ? t('event.none-fired-hint') : t('event.no-hooks')),
        others.length ? details : '');
}

function hookLink(id) {
    return el('a', {href: to('hooks', {search: id}), class: 'hook-name data'}, id);
}

function verdict(hook, linkTo) {
    const attempts = hook.attempts ?? [];
    return el('li', {}, el('div', {class: 'verdict'}, badge(STATES[hook.state] ?? 'waiting', word(hook.state)), hookLink(hook.hook), el('span', {class: 'muted'}, hook.type ?? ''), el('span', {class: 'why data'}, hook.why),
        hook.published && hook.state === 'delivered' && el('a', {href: linkTo(hook.published), class: 'to-published'}, t('event.to-published')),
        hook.state === 'dead' && el('a', {href: to('deadletters', {hook: hook.hook})}, t('event.to-dead-letters'))),
    attempts.length > 0 && el('table', {class: 'attempts'}, el('thead', {}, el('tr', {}, ['attempt', 'when', 'outcome', 'status', 'took'].map(name => el('th', {scope: 'col'}, t(`attempt.${name}`))))),
        el('tbody', {}, attempts.map(attempt => el('tr', {}, el('td', {}, number(attempt.attempt)), el('td', {title: dateTime(Date.parse(attempt.time))}, clock(Date.parse(attempt.time))),
            el('td', {}, attempt.outcome === 'delivered' ? badge('good', t('state.delivered')) : badge('bad', attempt.outcome ?? ''), attempt.detail && el('span', {class: 'line data'}, attempt.detail)), el('td', {}, attempt.status ?? '—'),
            el('td', {}, attempt.millis === undefined || attempt.millis === null ? '—' : t('attempt.millis', {n: attempt.millis})))))));
}

function word(state) {
    return {delivered: t('state.delivered'), dead: t('state.dead'), pending: t('state.pending'), none: t('state.none')}[state] ?? t('state.unknown');
}

/** JSON as lists within lists, which open and close. */
function tree(value, depth) {
    if (value === null || typeof value !== 'object') {
        return el('span', {class: `leaf leaf-${value === null ? 'null' : typeof value}`}, value === undefined ? '—' : typeof value === 'string' ? value : JSON.stringify(value));
    }
    const entries = Object.entries(value);
    if (entries.length === 0) {
        return el('span', {class: 'leaf'}, Array.isArray(value) ? '[]' : '{}');
    }
    return el('ul', {}, entries.map(([name, member]) => {
        const inner = member !== null && typeof member === 'object' && Object.keys(member).length > 0;
        return el('li', {}, inner ? branch(name, member, depth + 1) : [el('span', {class: 'member'}, `${name}: `), tree(member, depth + 1)]);
    }));
}

/** What is deep inside is made when it is opened: data may be large. */
function branch(name, value, depth) {
    const details = el('details', {open: depth < 3, ontoggle: () => {
        if (details.open && details.childElementCount === 1) {
            details.append(tree(value, depth));
        }
    }}, el('summary', {}, el('span', {class: 'member'}, name), ' ', el('span', {class: 'muted'}, Array.isArray(value) ? `[${value.length}]` : `{${Object.keys(value).length}}`)));
    return details;
}
