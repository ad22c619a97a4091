/** Builds elements. Data reaches the page as text nodes and attributes only: there is no way from here to HTML that is parsed. */

const SVG = new Set(['svg', 'g', 'path', 'rect', 'text', 'title']);

/**
 * @param attributes `onclick` and the like are listeners; null, undefined and false are left out, true is an empty value
 * @param children nodes and texts; null and false are left out
 */
export function el(name, attributes = {}, ...children) {
    const node = SVG.has(name) ? document.createElementNS('http://www.w3.org/2000/svg', name) : document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
        if (value === null || value === undefined || value === false) {
            continue;
        }
        if (key.startsWith('on')) {
            node.addEventListener(key.slice(2), value);
        } else {
            node.setAttribute(key, value === true ? '' : value);
        }
    }
    node.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false));
    return node;
}

/**
 * Makes the children of a parent those of the items, and touches only what changed, so that focus and selection of the others stay.
 * @param key of an item, unique
 * @param render makes an item's node; called again when its JSON changed
 */
export function keyed(parent, items, key, render) {
    const old = new Map([...parent.children].map(node => [node.dataset.key, node]));
    const focused = parent.contains(document.activeElement) ? document.activeElement : null;
    const focusKey = focused && focused.closest('[data-key]')?.dataset.key;
    const focusAction = focused?.dataset.action;
    let place = parent.firstElementChild;
    for (const item of items) {
        const id = String(key(item));
        const shape = JSON.stringify(item);
        let node = old.get(id);
        old.delete(id);
        if (!node || node.shape !== shape) {
            const fresh = render(item);
            fresh.dataset.key = id;
            fresh.shape = shape;
            if (node) {
                if (node === place) {
                    place = fresh;
                }
                node.replaceWith(fresh);
            }
            node = fresh;
        }
        if (node === place) {
            place = place.nextElementSibling;
        } else {
            parent.insertBefore(node, place);
        }
    }
    old.forEach(node => node.remove());
    if (focusAction && !focused.isConnected) {
        [...parent.children].find(node => node.dataset.key === focusKey)?.querySelector(`[data-action="${focusAction}"]`)?.focus();
    }
}

/** A label with its field below. @param hint and the error's place come with it; see {@link fieldError} */
export function field(label, input, hint) {
    const id = `f-${input.name}`;
    input.id = id;
    const error = el('span', {class: 'field-error', id: `${id}-error`, role: 'alert'});
    const below = hint && el('span', {class: 'hint', id: `${id}-hint`}, hint);
    input.setAttribute('aria-describedby', below ? `${id}-hint ${id}-error` : `${id}-error`);
    return el('div', {class: `field field-${input.name}`}, el('label', {for: id}, label), input, below, error);
}

/** Shows what is wrong with a field, or with an empty message that nothing is. */
export function fieldError(input, message) {
    input.setAttribute('aria-invalid', String(message !== ''));
    input.parentElement.querySelector('.field-error').textContent = message;
}

export function select(name, options, value) {
    const node = el('select', {name}, options.map(([id, label]) => el('option', {value: id}, label)));
    node.value = value;
    return node;
}
