/** Whose session this is. */

import {csrfToken, get} from './api.js';

let roles = null;

/** @returns {name, roles}, of which the page shows what is possible; the server decides */
export async function loadSession() {
    const me = await get('me');
    roles = me.roles ?? [];
    return me;
}

/** Until it is known, anything may be tried. */
export function mayOperate() {
    return roles === null || roles.some(role => /operate$/i.test(role));
}

export async function signOut() {
    await fetch('logout', {method: 'POST', headers: {'X-XSRF-TOKEN': csrfToken()}});
    location.assign('login');
}
