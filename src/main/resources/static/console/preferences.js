/** What a reader chose, kept in this browser; a browser that keeps nothing is no reason to fail. */

const PREFIX = 'opsbus.';

export function remembered(name) {
    try {
        return localStorage.getItem(PREFIX + name);
    } catch {
        return null;
    }
}

export function remember(name, value) {
    try {
        localStorage.setItem(PREFIX + name, value);
    } catch {
        // for this visit only, then
    }
}

/** @param theme auto, light or dark */
export function showTheme(theme) {
    if (theme === 'auto') {
        delete document.documentElement.dataset.theme;
    } else {
        document.documentElement.dataset.theme = theme;
    }
}
