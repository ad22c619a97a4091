/** What the page needs to know of an event (schema Event of openapi.yaml), whoever sent it. */

const CRITICAL = new Set(['critical', 'emergency', 'emerg', 'fatal', 'alert', 'error', 'err', 'high', 'disaster', 'p0', 'p1']);
const WARNING = new Set(['warning', 'warn', 'medium', 'average', 'p2', 'p3']);

/** @returns a value whose members are texts, but for `at` (stored) and `time`: milliseconds since 1970; `severity` is critical, warning or normal and `type` its own word */
export function read(row) {
    const event = row.event ?? {};
    const data = event.data !== null && typeof event.data === 'object' ? event.data : {};
    const tokens = String(row.subject).split('.');
    const regarding = data.regarding !== null && typeof data.regarding === 'object' ? data.regarding : {};
    const type = word(after(tokens, 'severities') || data.severity || data.labels?.severity || data.type || event.type);
    // a notification has no object but a way it came
    const [kind, name] = tokens[1] === 'notifications' ? ['', [after(tokens, 'providers'), after(tokens, 'channels')].filter(Boolean).join('/')] : tokens.slice(-3);
    return {
        row,
        sequence: row.sequence,
        id: word(event.id),
        at: Date.parse(row.stored),
        time: Date.parse(event.time ?? row.stored),
        severity: severity(type),
        type,
        reason: word(data.reason || data.alertname || data.labels?.alertname || event.type),
        cluster: word(event.cluster || after(tokens, 'clusters')),
        namespace: word(regarding.namespace || after(tokens, 'namespaces')),
        kind: word(regarding.kind || (tokens.length > 3 ? kind : '')),
        name: word(regarding.name || (tokens.length > 2 ? name : '')),
        // what was seen of the object, the subject's last token; a notification says another thing there
        observation: tokens[1] === 'clusters' ? tokens.at(-1) : '',
        // set for what a hook published again for an event: that event's id, and the hook
        origin: word(row.origin),
        publisher: row.origin ? word(event.passedhooks).split(' ').at(-1) : '',
        message: oneLine(word(data.message) || word(row.text)),
        subject: word(row.subject)
    };
}

export function severity(type) {
    const name = type.toLowerCase();
    return CRITICAL.has(name) ? 'critical' : WARNING.has(name) ? 'warning' : 'normal';
}

function after(tokens, label) {
    const at = tokens.indexOf(label);
    return at < 0 ? '' : tokens[at + 1] ?? '';
}

function word(value) {
    return value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function oneLine(text) {
    return text.replace(/\s+/g, ' ').trim().slice(0, 600);
}
