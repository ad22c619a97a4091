/** Tries a subject and keywords against the events of the last minutes; nothing is sent. */

import {post} from './api.js';
import {el, field, fieldError, select} from './dom.js';
import {clock, dateTime, t} from './language.js';
import {errorNotice, notice} from './notices.js';
import {go, to} from './place.js';

const LIMIT = 200;
/** Which field an error of the server is about: the one it names first. */
const ABOUT = [['exclude', /\bexclude/i], ['mode', /matchMode/i], ['match', /matchType/i], ['minutes', /\bminutes\b/i], ['subject', /\bsubject\b/i], ['include', /include/i]];

export function tryKeywords(main, params) {
    const end = new AbortController();
    const inputs = {
        subject: el('input', {name: 'subject', required: true, autocomplete: 'off', spellcheck: 'false', value: params.subject ?? 'ops.clusters.*.namespaces.*.pods.*.events'}),
        include: el('textarea', {name: 'include', rows: 3, spellcheck: 'false'}, params.include ?? ''),
        exclude: el('textarea', {name: 'exclude', rows: 3, spellcheck: 'false'}, params.exclude ?? ''),
        mode: select('mode', [['ANY', t('try.any')], ['ALL', t('try.all')]], params.mode ?? 'ANY'),
        match: select('match', [['CONTAINS', t('try.contains')], ['EXACT', t('try.exact')], ['REGEX', t('try.regex')]], params.match ?? 'CONTAINS'),
        minutes: el('input', {name: 'minutes', type: 'number', min: 1, max: 1440, value: params.minutes ?? 60})
    };
    const button = el('button', {type: 'submit', class: 'primary'}, t('try.go'));
    const answer = el('div', {class: 'answer', role: 'region', 'aria-live': 'polite', 'aria-label': t('try.answer')}, notice('empty', t('try.begin'), t('try.begin-hint')));
    main.append(el('div', {class: 'view-head'}, el('h1', {tabindex: '-1'}, t('try.title')), el('span', {class: 'muted'}, t('try.nothing-sent'))),
        el('form', {class: 'try', 'aria-label': t('try.title'), onsubmit: submit},
            field(t('try.subject'), inputs.subject), field(t('try.include'), inputs.include, t('try.one-a-line')), field(t('try.exclude'), inputs.exclude, t('try.one-a-line')),
            el('div', {class: 'inline'}, field(t('try.mode'), inputs.mode), field(t('try.match'), inputs.match), field(t('try.minutes'), inputs.minutes), button)), answer);

    async function submit(event) {
        event.preventDefault();
        const values = Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.value]));
        go('try', values);
        Object.values(inputs).forEach(input => fieldError(input, ''));
        answer.replaceChildren(notice('loading', t('try.running')));
        button.disabled = true;
        try {
            const data = await post('hooks/try', {
                subject: values.subject.trim(), minutes: Number(values.minutes), limit: LIMIT,
                keywords: {include: lines(values.include), exclude: lines(values.exclude), matchMode: values.mode, matchType: values.match}
            }, end.signal);
            show(answer, data, Number(values.minutes));
        } catch (error) {
            if (end.signal.aborted) {
                return;
            }
            if (error.status === undefined) {
                throw error;
            }
            const about = error.status === 400 && fieldOf(error.message);
            if (about) {
                fieldError(inputs[about], error.message);
                inputs[about].focus();
                answer.replaceChildren();
            } else {
                answer.replaceChildren(errorNotice(error));
            }
        } finally {
            button.disabled = false;
        }
    }

    return {close: () => end.abort(), update: () => undefined};
}

/** @returns null when it names none */
function fieldOf(message) {
    const places = ABOUT.map(([name, words]) => [name, message.search(words)]).filter(([, at]) => at >= 0).sort((a, b) => a[1] - b[1]);
    return places.length ? places[0][0] : null;
}

function lines(text) {
    return text.split('\n').filter(line => line.trim() !== '');
}

function show(answer, data, minutes) {
    const list = data.list ?? [];
    answer.replaceChildren(el('p', {class: 'verdict-line'}, el('strong', {}, t('try.fired', {n: data.fired})), ' ', t('try.examined', {n: data.examined, minutes})),
        data.complete === false ? notice('away', t('try.incomplete'), t('try.incomplete-hint')) : '',
        list.length === 0 ? notice('empty', t('try.none'), t('try.none-hint')) : el('ul', {class: 'tried'}, list.map(event => el('li', {},
            el('a', {href: to('event', {id: event.id, sequence: event.sequence})}, el('time', {title: dateTime(moment(event))}, when(event)), ' ', el('span', {class: 'data'}, event.subject)),
            el('span', {class: 'why data'}, event.why ?? ''), el('span', {class: 'line data clamp'}, event.text ?? '')))),
        list.length < data.fired ? el('p', {class: 'muted'}, t('try.more', {n: data.fired - list.length})) : '');
}

/** RFC 3339, or the server's own time of day. */
function moment(event) {
    return Date.parse(String(event.time).replace(' ', 'T'));
}

function when(event) {
    return clock(moment(event));
}
