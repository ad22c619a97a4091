/** What flows where: sources, subjects, hooks and endpoints, with lines as wide as their rates. */

import {get} from './api.js';
import {el} from './dom.js';
import {number, t} from './language.js';
import {keepLoaded, notice} from './notices.js';

const REFRESH_SECONDS = 3;
/** `pattern`: subjects that get their events from another subject, as those of hooks from all. */
const COLUMNS = ['source', 'subject', 'pattern', 'hook', 'endpoint'];
/** Most nodes of a column; the others are one. */
const MOST = 14;
const WIDTH = 1180;
const NODE = {widest: 200, height: 34, gap: 10, beside: 80};
const CHARACTER = 6.4;
const TOP = 30;
const WIDEST = 14;

export function flow(main) {
    const end = new AbortController();
    const notices = el('div', {class: 'notices'});
    const sum = el('span', {class: 'muted'});
    const picture = el('div', {class: 'picture', role: 'region', tabindex: '0', 'aria-label': t('flow.picture')});
    const rows = el('tbody', {});
    const table = el('table', {class: 'flow-table'}, el('caption', {}, t('flow.table')), el('thead', {}, el('tr', {}, ['from', 'to', 'rate', 'count'].map(name => el('th', {scope: 'col'}, t(`flow.${name}`))))), rows);
    const content = el('div', {hidden: true}, picture, el('p', {class: 'muted hint'}, t('flow.hint')), el('div', {class: 'table-place', role: 'region', tabindex: '0', 'aria-label': t('flow.table')}, table));
    main.append(el('div', {class: 'view-head'}, el('h1', {tabindex: '-1'}, t('flow.title')), sum), notices, content);
    let before = null;
    keepLoaded({
        signal: end.signal, place: notices, every: REFRESH_SECONDS, load: signal => get('flow', {}, signal),
        show: data => {
            const now = {at: performance.now(), nodes: data.nodes ?? [], edges: data.edges ?? []};
            const map = gather(withRates(now, before));
            content.hidden = now.nodes.length === 0;
            if (now.nodes.length === 0) {
                notices.replaceChildren(notice('empty', t('flow.empty'), t('flow.empty-hint')));
            }
            sum.textContent = before === null ? t('flow.measuring') : t('flow.sum', {rate: number(map.nodes.filter(node => node.kind === 'source').reduce((all, node) => all + node.rate, 0), 1)});
            picture.replaceChildren(draw(map));
            rows.replaceChildren(...map.edges.map(edge => el('tr', {}, el('td', {class: 'data'}, edge.from.label), el('td', {class: 'data'}, edge.to.label), el('td', {}, rate(edge.rate)), el('td', {}, number(edge.count)))));
            before = now;
        }
    });
    return {close: () => end.abort()};
}

/** Counts grow, so the difference of two answers is a rate; a count that shrank began anew. */
function withRates(now, before) {
    const seconds = before === null ? 1 : (now.at - before.at) / 1000;
    const rates = (items, old, key) => {
        const counts = new Map((old ?? []).map(item => [key(item), item.count]));
        return items.map(item => ({...item, rate: counts.has(key(item)) ? Math.max(0, item.count - counts.get(key(item))) / seconds : 0}));
    };
    return {nodes: rates(now.nodes, before?.nodes, node => node.id), edges: rates(now.edges, before?.edges, edge => `${edge.from}\n${edge.to}`)};
}

/** The busiest nodes of each kind, the others as one; edges hold their nodes. */
function gather({nodes, edges}) {
    const shown = new Map();
    const kinds = new Map(nodes.map(node => [node.id, node.kind]));
    const patterns = new Set(edges.filter(edge => kinds.get(edge.from) === 'subject' && kinds.get(edge.to) === 'subject').map(edge => edge.to));
    const columns = COLUMNS.map(kind => {
        const all = nodes.filter(node => (patterns.has(node.id) ? 'pattern' : node.kind) === kind).sort((a, b) => b.rate - a.rate || b.count - a.count || (a.id < b.id ? -1 : 1));
        const kept = all.length > MOST ? all.slice(0, MOST - 1) : all;
        const rest = all.slice(kept.length);
        // by name, so that they stay where they are while rates change
        const column = kept.map(node => ({...node, label: node.label || node.id})).sort((a, b) => a.label < b.label ? -1 : 1);
        column.forEach(node => shown.set(node.id, node));
        if (rest.length) {
            const others = {id: `others ${kind}`, kind, label: t('flow.others', {n: rest.length}), count: rest.reduce((sum, node) => sum + node.count, 0), rate: rest.reduce((sum, node) => sum + node.rate, 0)};
            column.push(others);
            rest.forEach(node => shown.set(node.id, others));
        }
        return {kind, column};
    }).filter(({kind, column}) => column.length > 0 || kind !== 'pattern');
    const joined = new Map();
    for (const edge of edges) {
        const from = shown.get(edge.from);
        const to = shown.get(edge.to);
        if (from && to) {
            const key = `${from.id}\n${to.id}`;
            const sum = joined.get(key) ?? {from, to, count: 0, rate: 0};
            sum.count += edge.count;
            sum.rate += edge.rate;
            joined.set(key, sum);
        }
    }
    return {columns, nodes: columns.flatMap(({column}) => column), edges: [...joined.values()].sort((a, b) => b.rate - a.rate || b.count - a.count)};
}

function rate(value) {
    return t('flow.per-second', {rate: number(value, value < 10 ? 1 : 0)});
}

function draw({columns, nodes, edges}) {
    const width = Math.min(NODE.widest, (WIDTH - (columns.length - 1) * NODE.beside) / columns.length);
    const height = TOP + Math.max(1, ...columns.map(({column}) => column.length)) * (NODE.height + NODE.gap);
    columns.forEach(({column}, c) => column.forEach((node, i) => {
        node.x = c * (WIDTH - width) / (columns.length - 1);
        node.y = TOP + i * (NODE.height + NODE.gap);
    }));
    const highest = Math.max(...edges.map(edge => edge.rate), 0);
    const lines = [...edges].reverse().map(edge => {
        const [x1, y1, x2, y2] = [edge.from.x + width, edge.from.y + NODE.height / 2, edge.to.x, edge.to.y + NODE.height / 2];
        const middle = (x1 + x2) / 2;
        const thickness = edge.rate > 0 ? 1.5 + (WIDEST - 1.5) * Math.sqrt(edge.rate / highest) : 1;
        return el('path', {class: edge.rate > 0 ? 'edge flows' : 'edge', d: `M${x1},${y1}C${middle},${y1} ${middle},${y2} ${x2},${y2}`, 'stroke-width': thickness},
            el('title', {}, `${edge.from.label} → ${edge.to.label}: ${rate(edge.rate)}, ${number(edge.count)}`));
    });
    const boxes = nodes.map(node => el('g', {class: `node node-${node.kind}${node.rate > 0 ? ' flows' : ''}`}, el('rect', {x: node.x, y: node.y, width, height: NODE.height, rx: 4}),
        el('text', {x: node.x + 8, y: node.y + 14, class: 'label'}, shortened(node.label, Math.floor((width - 14) / CHARACTER))), el('text', {x: node.x + 8, y: node.y + 28, class: 'rate'}, `${rate(node.rate)} · ${number(node.count)}`),
        el('title', {}, `${node.label}: ${rate(node.rate)}, ${number(node.count)}`)));
    const heads = columns.map(({kind}, c) => el('text', {class: 'column', x: c * (WIDTH - width) / (columns.length - 1), y: 16}, t(`flow.${kind}`)));
    return el('svg', {viewBox: `-1 0 ${WIDTH + 2} ${height}`, role: 'img', 'aria-label': t('flow.picture-label', {nodes: nodes.length, edges: edges.length})}, lines, heads, boxes);
}

/** The middle is left out, since the ends of subjects and addresses tell most. */
function shortened(label, most) {
    return label.length > most ? `${label.slice(0, Math.floor(most / 2) - 1)}…${label.slice(-Math.floor(most / 2))}` : label;
}
