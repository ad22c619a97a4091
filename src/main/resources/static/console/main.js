/** The page's frame: who one is, where one can go, and the view of the place one is at. */

import {ApiError, placeBeforeSignIn} from './api.js';
import {deadLetters} from './dead-letters.js';
import {el, select} from './dom.js';
import {eventView} from './event-view.js';
import {flow} from './flow.js';
import {hooks} from './hooks.js';
import {chooseLanguage, currentLanguage, languages, t} from './language.js';
import {live} from './live.js';
import {say, statusLine} from './notices.js';
import {place, to} from './place.js';
import {remember, remembered, showTheme} from './preferences.js';
import {loadSession, mayOperate, signOut} from './session.js';
import {tryKeywords} from './try.js';

const VIEWS = {live, event: eventView, hooks, try: tryKeywords, deadletters: deadLetters, flow};
const IN_NAVIGATION = ['live', 'hooks', 'try', 'deadletters', 'flow'];

let view = null;
let shown = null;
let main;

function frame() {
    const theme = select('theme', ['auto', 'light', 'dark'].map(id => [id, t(`theme.${id}`)]), remembered('theme') ?? 'auto');
    theme.setAttribute('aria-label', t('theme.title'));
    theme.addEventListener('change', () => {
        remember('theme', theme.value);
        showTheme(theme.value);
    });
    const language = select('language', languages(), currentLanguage());
    language.setAttribute('aria-label', t('language.title'));
    language.addEventListener('change', () => {
        chooseLanguage(language.value);
        build();
        document.querySelector('select[name=language]').focus();
    });
    const who = el('span', {class: 'who muted'});
    const out = el('button', {type: 'button', hidden: true, onclick: signOut}, t('session.sign-out'));
    loadSession().then(me => {
        who.textContent = me.name ?? '';
        out.hidden = !me.name;
        if (!mayOperate()) {
            show(true);
        }
    }).catch(error => {
        if (!(error instanceof ApiError)) {
            throw error;
        }
        // the views say what is wrong
    });
    return el('header', {}, el('a', {class: 'skip', href: '#main', onclick: event => {
        event.preventDefault();
        main.querySelector('h1').focus();
    }}, t('frame.skip')), el('span', {class: 'brand'}, 'opsbus'), el('nav', {'aria-label': t('frame.navigation')},
        IN_NAVIGATION.map(id => el('a', {href: to(id), 'data-view': id}, t(`view.${id}`)))), el('div', {class: 'choices'}, who, out, language, theme));
}

function build() {
    view?.close();
    view = null;
    shown = null;
    main = el('main', {id: 'main'});
    document.body.replaceChildren(frame(), main, statusLine());
    show();
}

/** @param anew also when the view is shown already */
function show(anew = false) {
    const {view: asked, params} = place();
    const id = Object.hasOwn(VIEWS, asked) ? asked : 'live';
    if (id === shown && view.update && !anew) {
        view.update(params);
        return;
    }
    const moved = shown !== null && !anew;
    view?.close();
    main.className = `view-${id}`;
    main.replaceChildren();
    say('');
    view = VIEWS[id](main, params);
    shown = id;
    document.title = `${main.querySelector('h1').textContent} · opsbus`;
    document.querySelectorAll('nav a').forEach(link => link.dataset.view === id ? link.setAttribute('aria-current', 'page') : link.removeAttribute('aria-current'));
    if (moved) {
        main.querySelector('h1').focus({preventScroll: true});
        scrollTo(0, 0);
    }
}

showTheme(remembered('theme') ?? 'auto');
document.documentElement.lang = currentLanguage();
const back = placeBeforeSignIn();
if (back && location.hash === '') {
    history.replaceState(null, '', back);
}
addEventListener('hashchange', () => show());
build();
