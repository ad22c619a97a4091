/** Where in the page one is: `#/view?name=value&…`. A place can be sent to somebody else. */

export function place() {
    const [view, query = ''] = location.hash.replace(/^#\/?/, '').split('?');
    return {view, params: Object.fromEntries(new URLSearchParams(query))};
}

/** A link's target. Empty values are left out. */
export function to(view, params = {}) {
    const wanted = Object.entries(params).filter(([, value]) => value !== '' && value !== null && value !== undefined);
    return `#/${view}${wanted.length ? '?' + new URLSearchParams(wanted) : ''}`;
}

export function go(view, params) {
    location.hash = to(view, params);
}
