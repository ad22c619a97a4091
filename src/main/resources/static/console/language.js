/** The page's words in the reader's language; every one of them is in text/, by key. */

import en from './text/en.js';
import zh from './text/zh.js';
import {remember, remembered} from './preferences.js';

const LANGUAGES = {en, zh};
const HALF_A_DAY_MS = 12 * 3_600_000;
const LOCALES = {en: 'en-GB', zh: 'zh-CN'};

let language = LANGUAGES[remembered('language')] ? remembered('language') : navigator.language.startsWith('zh') ? 'zh' : 'en';

export function currentLanguage() {
    return language;
}

export function chooseLanguage(chosen) {
    language = chosen;
    remember('language', chosen);
    document.documentElement.lang = chosen;
}

/** The names languages give themselves. */
export function languages() {
    return Object.entries(LANGUAGES).map(([id, text]) => [id, text['language.name']]);
}

/** @param values for {name} in the text; numbers are written as the language does, and `n` chooses between one and other */
export function t(key, values = {}) {
    let text = LANGUAGES[language][key];
    if (text === undefined) {
        throw new Error(`text/${language}.js has no ${key}`);
    }
    if (typeof text === 'object') {
        text = text[new Intl.PluralRules(language).select(values.n)] ?? text.other;
    }
    return text.replace(/\{(\w+)}/g, (whole, name) => typeof values[name] === 'number' ? number(values[name]) : String(values[name]));
}

export function number(value, digits = 0) {
    return new Intl.NumberFormat(LOCALES[language], {maximumFractionDigits: digits}).format(value);
}

/** Hours, minutes and seconds of the last half day; day, hours and minutes of what is older. @param moment milliseconds since 1970 */
export function clock(moment, seconds = true) {
    if (Number.isNaN(moment)) {
        return '—';
    }
    const date = new Date(moment);
    const time = {hour: '2-digit', minute: '2-digit', hourCycle: 'h23'};
    return Math.abs(Date.now() - moment) < HALF_A_DAY_MS ? date.toLocaleTimeString(LOCALES[language], {...time, second: seconds ? '2-digit' : undefined})
        : date.toLocaleString(LOCALES[language], {month: 'short', day: 'numeric', ...time}).replace(',', '');
}

/** Date and time, whole. */
export function dateTime(moment) {
    return Number.isNaN(moment) ? '—' : new Date(moment).toLocaleString(LOCALES[language], {dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23'});
}

/** How long ago, in words. */
export function ago(moment) {
    const seconds = Math.max(0, (Date.now() - moment) / 1000);
    const [amount, unit] = seconds < 60 ? [seconds, 'second'] : seconds < 3600 ? [seconds / 60, 'minute'] : seconds < 86400 ? [seconds / 3600, 'hour'] : [seconds / 86400, 'day'];
    return new Intl.RelativeTimeFormat(LOCALES[language]).format(-Math.floor(amount), unit);
}
