/** Calls of the HTTP API (openapi.yaml), with what every one of them shares: the session, its CSRF token, and errors that say something. */

import {t} from './language.js';

const BASE = 'api/v1/';
const TIMEOUT_MS = 20_000;
const RETRY_SECONDS = 3;

/** @property status HTTP status, 0 when there was no answer; retryAfter: seconds */
export class ApiError extends Error {
    constructor(status, message, retryAfter = RETRY_SECONDS) {
        super(message);
        this.status = status;
        this.retryAfter = retryAfter;
    }

    /** NATS is away, or opsbus itself: it goes on by itself when they are back. */
    get passes() {
        return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504;
    }
}

/** A path below the API whose segments are encoded. */
export function path(...segments) {
    return segments.map(encodeURIComponent).join('/');
}

export function get(where, query, signal) {
    return answer('GET', where, {query, signal});
}

export function post(where, body, signal) {
    return answer('POST', where, {body, signal});
}

async function answer(method, where, {query, body, signal}) {
    const limit = AbortSignal.timeout(TIMEOUT_MS);
    const response = await open(method, where, {query, body, signal: signal ? AbortSignal.any([signal, limit]) : limit});
    let answered;
    try {
        answered = await response.json();
    } catch (e) {
        if (signal?.aborted) {
            throw e;
        }
        throw new ApiError(0, t('error.unreadable'));
    }
    return answered.data;
}

/** A response with status 2xx, of which nothing is read yet. @throws ApiError for any other */
export async function open(method, where, {query = {}, body, headers = {}, signal}) {
    const wanted = Object.entries(query).filter(([, value]) => value !== '' && value !== null && value !== undefined);
    const url = BASE + where + (wanted.length ? '?' + new URLSearchParams(wanted) : '');
    let response;
    try {
        response = await fetch(url, {
            method, signal, cache: 'no-store', redirect: 'error',
            headers: {...headers, ...(method === 'GET' ? {} : {'Content-Type': 'application/json', 'X-XSRF-TOKEN': csrfToken()})},
            body: body === undefined ? undefined : JSON.stringify(body)
        });
    } catch (e) {
        if (e.name === 'AbortError') {
            throw e;
        }
        throw new ApiError(0, t('error.unreachable'));
    }
    if (response.status === 401) {
        signIn();
    }
    if (!response.ok) {
        const said = await response.json().catch(() => ({}));
        throw new ApiError(response.status, said.message || t('error.status', {status: String(response.status)}), Number(response.headers.get('Retry-After')) || RETRY_SECONDS);
    }
    return response;
}

export function csrfToken() {
    const cookie = document.cookie.split('; ').find(pair => pair.startsWith('XSRF-TOKEN='));
    return cookie ? decodeURIComponent(cookie.slice('XSRF-TOKEN='.length)) : '';
}

const PLACE = 'opsbus.place';

/** To the login page; the place comes back after it, which a fragment does not by itself. */
function signIn() {
    try {
        sessionStorage.setItem(PLACE, location.hash);
    } catch {
        // then it begins at its first view
    }
    location.assign('login');
}

export function placeBeforeSignIn() {
    try {
        const place = sessionStorage.getItem(PLACE);
        sessionStorage.removeItem(PLACE);
        return place;
    } catch {
        return null;
    }
}

/** Waits that long, or until the signal. */
export function pause(seconds, signal) {
    return new Promise(resolve => {
        const end = () => {
            clearTimeout(timer);
            signal.removeEventListener('abort', end);
            resolve();
        };
        const timer = setTimeout(end, seconds * 1000);
        signal.addEventListener('abort', end);
    });
}
