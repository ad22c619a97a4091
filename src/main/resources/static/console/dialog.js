/** Asks before something that can't be taken back. */

import {el} from './dom.js';
import {t} from './language.js';

/** @returns whether it was confirmed */
export function confirmed(title, text, action) {
    return new Promise(resolve => {
        const before = document.activeElement;
        const dialog = el('dialog', {'aria-labelledby': 'dialog-title', 'aria-describedby': 'dialog-text', onclose: () => {
            resolve(dialog.returnValue === 'yes');
            dialog.remove();
            before?.focus();
        }}, el('form', {method: 'dialog'}, el('h2', {id: 'dialog-title'}, title), el('p', {id: 'dialog-text'}, text),
            el('div', {class: 'buttons'}, el('button', {value: 'no', autofocus: true}, t('dialog.cancel')), el('button', {value: 'yes', class: 'danger'}, action))));
        document.body.append(dialog);
        dialog.showModal();
    });
}
