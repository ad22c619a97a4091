/** An event on a page of its own: what a link in a chat or from the dead letters shows. */

import {eventDetail} from './event-detail.js';
import {el} from './dom.js';
import {t} from './language.js';
import {notice} from './notices.js';
import {to} from './place.js';

export function eventView(main, params) {
    const end = new AbortController();
    main.append(el('div', {class: 'view-head'}, el('h1', {tabindex: '-1'}, t('event.title')), el('a', {href: to('live')}, t('event.to-live'))),
        params.id ? eventDetail({id: params.id, sequence: params.sequence, known: null, level: 2, signal: end.signal, linkTo: id => to('event', {id})}) : notice('empty', t('event.no-id'), t('event.no-id-hint')));
    return {close: () => end.abort()};
}
