/** A list of any length of which only the rows in sight are in the document. All rows are equally high. One of them takes part in tabbing; arrows choose which. */

import {el} from './dom.js';

const AROUND = 8;

export class VirtualList {
    #key;
    #render;
    #rowHeight;
    #items = [];
    #nodes = new Map();
    #active = null;
    #rows;
    #planned = false;

    /**
     * @param key of an item
     * @param render an item's link; its data-key is set here
     * @param rowHeight pixels; asked again when the width changes
     * @param onEnd the last row is in sight
     */
    constructor({label, key, render, rowHeight, onEnd}) {
        this.#key = key;
        this.#render = render;
        this.#rowHeight = rowHeight;
        this.onEnd = onEnd;
        this.#rows = el('div', {class: 'rows', role: 'list', 'aria-label': label, onkeydown: event => this.#move(event), onfocusin: event => this.#focused(event)});
        this.element = el('div', {class: 'scroller', onscroll: () => this.#plan()}, this.#rows);
        this.observer = new ResizeObserver(() => this.draw());
        this.observer.observe(this.element);
    }

    close() {
        this.observer.disconnect();
    }

    /** @param above how many of the items are new at the top: what is in sight stays where it is, unless the top is in sight */
    show(items, above = 0) {
        this.#items = items;
        if (above > 0 && this.element.scrollTop > 0) {
            this.#size();
            this.element.scrollTop += above * this.#rowHeight();
        }
        this.#plan();
    }

    /** At most once a frame. */
    #plan() {
        if (!this.#planned) {
            this.#planned = true;
            requestAnimationFrame(() => {
                this.#planned = false;
                this.draw();
            });
        }
    }

    #size() {
        this.#rows.style.height = `${this.#items.length * this.#rowHeight()}px`;
    }

    draw() {
        const height = this.#rowHeight();
        this.#size();
        const first = Math.max(0, Math.floor(this.element.scrollTop / height) - AROUND);
        const last = Math.min(this.#items.length, Math.ceil((this.element.scrollTop + this.element.clientHeight) / height) + AROUND);
        const wanted = new Map();
        for (let index = first; index < last; index++) {
            wanted.set(this.#key(this.#items[index]), index);
        }
        let active = this.#active === null ? -1 : this.#indexOf(this.#active);
        if (active < 0) {
            active = this.#items.length ? 0 : -1;
            this.#active = null;
        }
        // a row with the focus stays in the document however far it is
        if (active >= 0 && this.#nodes.get(this.#active)?.contains(document.activeElement)) {
            wanted.set(this.#active, active);
        }
        for (const [key, node] of this.#nodes) {
            if (!wanted.has(key)) {
                node.remove();
                this.#nodes.delete(key);
            }
        }
        const tabbed = this.#active !== null && wanted.has(this.#active) ? this.#active : this.#items.length ? this.#key(this.#items[Math.min(first + AROUND * (first > 0), this.#items.length - 1)]) : null;
        for (const [key, index] of wanted) {
            let node = this.#nodes.get(key);
            if (!node) {
                const link = this.#render(this.#items[index]);
                link.dataset.key = key;
                node = el('div', {class: 'row', role: 'listitem'}, link);
                this.#nodes.set(key, node);
                this.#rows.append(node);
            }
            node.style.transform = `translateY(${index * height}px)`;
            node.setAttribute('aria-setsize', this.#items.length);
            node.setAttribute('aria-posinset', index + 1);
            node.firstElementChild.tabIndex = key === tabbed ? 0 : -1;
        }
        if (this.#items.length && last === this.#items.length) {
            this.onEnd?.();
        }
    }

    #indexOf(key) {
        return this.#items.findIndex(item => this.#key(item) === key);
    }

    #focused(event) {
        const link = event.target.closest('[data-key]');
        this.#active = [...this.#nodes.keys()].find(key => String(key) === link?.dataset.key) ?? null;
    }

    /** Gives a row the focus, and the list its place. @returns false when there is no such row */
    focus(key) {
        const index = this.#indexOf(key);
        if (index < 0) {
            return false;
        }
        this.#active = key;
        this.#reveal(index);
        return true;
    }

    #reveal(index) {
        const height = this.#rowHeight();
        const top = index * height;
        if (top < this.element.scrollTop) {
            this.element.scrollTop = top;
        } else if (top + height > this.element.scrollTop + this.element.clientHeight) {
            this.element.scrollTop = top + height - this.element.clientHeight;
        }
        this.draw();
        this.#nodes.get(this.#key(this.#items[index])).firstElementChild.focus({preventScroll: true});
    }

    #move(event) {
        const page = Math.max(1, Math.floor(this.element.clientHeight / this.#rowHeight()) - 1);
        const steps = {ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity};
        const step = steps[event.key];
        if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) {
            return;
        }
        event.preventDefault();
        const from = this.#indexOf(this.#active);
        this.#active = this.#key(this.#items[Math.min(this.#items.length - 1, Math.max(0, from + step))]);
        this.#reveal(this.#indexOf(this.#active));
    }
}
