/** Small signs that say a state by a shape and a word, and by colour only on top. */

import {el} from './dom.js';

const SHAPES = {critical: '■', warning: '▲', normal: '○', good: '✓', bad: '✕', waiting: '…', paused: '‖'};

/** @param kind of the shape and colour */
export function badge(kind, word, title) {
    return el('span', {class: `badge badge-${kind}`, title}, el('span', {class: 'shape', 'aria-hidden': 'true'}, SHAPES[kind]), el('span', {class: 'word'}, word));
}
