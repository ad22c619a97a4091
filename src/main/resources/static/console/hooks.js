/** All hooks with what they do and what ails them; those in trouble first. */

import {get, path, post} from './api.js';
import {badge} from './badges.js';
import {el, field, keyed, select} from './dom.js';
import {ago, dateTime, number, t} from './language.js';
import {keepLoaded, notice, say} from './notices.js';
import {go, to} from './place.js';
import {mayOperate} from './session.js';

const REFRESH_SECONDS = 5;
const SHOWS = ['all', 'trouble', 'paused', 'rejected'];

export function hooks(main, params) {
    const end = new AbortController();
    let current = params;
    let list = null;
    const search = el('input', {name: 'search', type: 'search', autocomplete: 'off', value: params.search ?? ''});
    const show = select('show', SHOWS.map(id => [id, t(`hooks.show-${id}`)]), SHOWS.includes(params.show) ? params.show : 'all');
    const notices = el('div', {class: 'notices'});
    const sum = el('span', {class: 'muted', role: 'status'});
    const body = el('tbody', {role: 'rowgroup'});
    const table = el('table', {class: 'cards hooks', role: 'table', 'aria-label': t('hooks.title'), hidden: true}, el('thead', {role: 'rowgroup'}, el('tr', {role: 'row'},
        ['hook', 'state', 'matched', 'delivered', 'pending', 'dead', 'source', 'actions'].map(name => el('th', {scope: 'col', role: 'columnheader'}, t(`hooks.${name}`))))), body);
    const routeBody = el('tbody', {role: 'rowgroup'});
    const routes = el('section', {class: 'routes', hidden: true, 'aria-label': t('routes.title')}, el('h2', {}, t('routes.title')), el('table', {class: 'cards hooks', role: 'table', 'aria-label': t('routes.title')},
        el('thead', {role: 'rowgroup'}, el('tr', {role: 'row'}, ['route', 'status', 'exchanges', 'completed', 'failed', 'inflight', 'source'].map(name => el('th', {scope: 'col', role: 'columnheader'}, t(`routes.${name}`))))), routeBody));
    let routeList = [];
    const set = () => go('hooks', {search: search.value, show: show.value === 'all' ? null : show.value});
    search.addEventListener('input', () => draw());
    search.addEventListener('change', set);
    show.addEventListener('change', set);
    main.append(el('div', {class: 'view-head'}, el('h1', {tabindex: '-1'}, t('hooks.title')), sum, el('a', {href: to('try'), class: 'end'}, t('hooks.try'))),
        el('form', {class: 'filters few', role: 'search', 'aria-label': t('live.filters'), onsubmit: event => event.preventDefault()}, field(t('hooks.search'), search), field(t('hooks.show'), show)), notices, table, routes);
    const reload = keepLoaded({
        signal: end.signal, place: notices, every: REFRESH_SECONDS, load: signal => get('hooks', {}, signal),
        show: data => {
            list = (data.list ?? []).sort((a, b) => trouble(b) - trouble(a) || (a.id < b.id ? -1 : 1));
            routeList = data.routes ?? [];
            draw();
        }
    });

    function draw() {
        if (list === null) {
            return;
        }
        const text = search.value.toLowerCase();
        const shown = list.filter(hook => wanted(hook, show.value) && JSON.stringify([hook.id, hook.type, hook.subject, hook.url, hook.source]).toLowerCase().includes(text));
        const troubled = list.filter(hook => trouble(hook) > 1).length;
        sum.textContent = `${t('hooks.count', {n: list.length})}${troubled ? `, ${t('hooks.troubled', {n: troubled})}` : ''}`;
        table.hidden = shown.length === 0;
        keyed(body, shown, hook => hook.id, hook => row(hook, pauseOrResume));
        const shownRoutes = routeList.filter(route => wantedRoute(route, show.value) && JSON.stringify([route.id, route.description, route.source]).toLowerCase().includes(text));
        routes.hidden = shownRoutes.length === 0;
        keyed(routeBody, shownRoutes, route => route.id, routeRow);
        notices.querySelector('.notice-empty')?.remove();
        if (shown.length === 0) {
            notices.append(list.length ? notice('empty', t('hooks.empty-filtered'), t('hooks.empty-filtered-hint')) : notice('empty', t('hooks.empty'), t('hooks.empty-hint')));
        }
    }

    async function pauseOrResume(hook, button) {
        const verb = hook.paused ? 'resume' : 'pause';
        button.disabled = true;
        try {
            await post(`${path('hooks', hook.namespace, hook.name)}/${verb}`, undefined, end.signal);
            say(t(`hooks.did-${verb}`, {hook: hook.id}));
        } catch (error) {
            if (error.status === undefined) {
                throw error;
            }
            say(t('hooks.did-not', {hook: hook.id, why: error.message}), true);
        }
        button.disabled = false;
        button.focus();
        reload();
    }

    return {
        close: () => end.abort(),
        update: now => {
            if (now.search !== current.search) {
                search.value = now.search ?? '';
            }
            show.value = SHOWS.includes(now.show) ? now.show : 'all';
            current = now;
            draw();
        }
    };
}

/** How much a hook needs somebody: 3 rejected, 2 failing or with dead letters, 1 paused. */
function trouble(hook) {
    return !hook.accepted || hook.problem ? 3 : hook.failing_since || hook.dead > 0 ? 2 : hook.paused ? 1 : 0;
}

function wanted(hook, show) {
    return show === 'all' || show === 'trouble' && trouble(hook) > 1 || show === 'paused' && hook.paused || show === 'rejected' && (!hook.accepted || hook.problem);
}

function wantedRoute(route, show) {
    return show === 'all' || show === 'trouble' && route.failed > 0 || show === 'paused' && route.status !== 'started';
}

function cell(name, ...content) {
    return cellOf('hooks', name, content);
}

function cellOf(view, name, ...content) {
    return el('td', {role: 'cell', 'data-label': t(`${view}.${name}`), class: `cell-${name}`}, content);
}

function routeRow(route) {
    const figure = name => cellOf('routes', name, route[name] === null || route[name] === undefined ? '—' : number(route[name]));
    return el('tr', {role: 'row'}, el('th', {scope: 'row', role: 'rowheader', class: 'data'}, el('span', {class: 'hook-name'}, route.id), route.description && el('span', {class: 'muted line'}, route.description)),
        cellOf('routes', 'status', route.status === 'started' ? badge('good', t('hooks.runs')) : badge('paused', t('routes.stopped'))),
        ['exchanges', 'completed', 'failed', 'inflight'].map(figure), cellOf('routes', 'source', el('span', {class: 'data'}, route.source ?? '')));
}

function row(hook, pauseOrResume) {
    const button = el('button', {type: 'button', 'data-action': 'pause', disabled: !mayOperate() || hook.paused === 'author' || !hook.accepted, title: mayOperate() ? hook.paused === 'author' ? t('hooks.by-author') : null : t('session.read-only'),
        'aria-label': t(hook.paused ? 'hooks.resume-named' : 'hooks.pause-named', {hook: hook.id}), onclick: () => pauseOrResume(hook, button)}, hook.paused ? t('hooks.resume') : t('hooks.pause'));
    return el('tr', {role: 'row'},
        el('th', {scope: 'row', role: 'rowheader', class: 'data'}, el('span', {class: 'hook-name'}, hook.id), el('span', {class: 'muted line'}, [hook.type, hook.subject].filter(Boolean).join(' · ')), hook.url && el('span', {class: 'muted line'}, `→ ${hook.url}`)),
        cell('state', state(hook)), cell('matched', number(hook.matched ?? 0)), cell('delivered', number(hook.delivered ?? 0)), cell('pending', number(hook.pending ?? 0)),
        cell('dead', hook.dead > 0 ? el('a', {href: to('deadletters', {hook: hook.id}), 'data-action': 'dead'}, number(hook.dead)) : number(0)),
        cell('source', el('span', {class: 'data'}, hook.source ?? '')),
        cell('actions', button, hook.subject && el('a', {class: 'button', 'data-action': 'try', href: to('try', tryParams(hook)), 'aria-label': t('hooks.try-named', {hook: hook.id})}, t('hooks.try-short'))));
}

function state(hook) {
    const failing = hook.failing_since ? Date.parse(hook.failing_since) : null;
    return [
        hook.accepted ? !hook.paused && failing === null && !hook.problem && badge('good', t('hooks.runs')) : badge('bad', t('hooks.rejected')),
        hook.accepted && hook.problem && badge('warning', t('hooks.old-version')),
        hook.paused && badge('paused', t({author: 'hooks.paused-author', operator: 'hooks.paused-operator'}[hook.paused] ?? 'hooks.stopped')),
        failing !== null && badge('critical', t('hooks.failing', {since: ago(failing)}), dateTime(failing)),
        hook.problem && el('span', {class: 'line data problem'}, hook.problem),
        hook.last_error && el('span', {class: 'line data problem'}, hook.last_error)
    ];
}

function tryParams(hook) {
    const keywords = hook.keywords ?? {};
    return {subject: hook.subject, include: (keywords.include ?? []).join('\n'), exclude: (keywords.exclude ?? []).join('\n'), mode: keywords.matchMode, match: keywords.matchType};
}
