// The request headers that are ours or Graph's, read and checked: a wrong one is refused, an unknown preference ignored.
import { parseDictionary, parseItem } from 'structured-headers';
import { type Checked, ok, problems, refused } from '../../domain/content/problem.ts';
import { parseHttpDate } from '../../domain/http-date.ts';

/** Header lookup without case, as the Functions library has it. */
export interface HeaderSource {
  get(name: string): string | null;
}

export interface RequestHeaders {
  idempotencyKey?: string;
  /** RFC 3339 in UTC. */
  sendAt?: string;
  sendBefore?: string;
  urgent: boolean;
  /** `Prefer: wait=N` (RFC 7240), in seconds. */
  waitSeconds?: number;
  clientRequestId?: string;
  /** `Retry-Attempt` of Microsoft's clients, from 1: they repeat a request by themselves. */
  retryAttempt?: number;
  traceparent?: string;
}

const MAXIMUM_KEY = 255;
const MAXIMUM_WAIT_SECONDS = 60;
/** RFC 3339; a zone must be there. */
const RFC3339 = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;
/** W3C Trace Context, version 00. */
const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
const PRINTABLE = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/** Date.parse takes the 30th of February for the 2nd of March; the calendar doesn't. */
function timeOf(text: string): number {
  const date = text.slice(0, 10);
  const midnight = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(date) ? Date.parse(text) : Number.NaN;
}

/** Of a header's trimmed text. `undefined` means that the header says nothing. */
type Reader<T> = (text: string, name: string) => Checked<T | undefined>;

interface HeaderRow<T> {
  name: string;
  description: string;
  /** JSON Schema of its value, for OpenAPI. */
  schema: Record<string, unknown>;
  /** Only operations that create a draft read it. */
  forDraftsOnly?: true;
  read: Reader<T>;
}

const readTime: Reader<string> = (text, name) => {
  const time = RFC3339.test(text) ? timeOf(text.replace(' ', 'T').toUpperCase()) : parseHttpDate(text);
  if (Number.isNaN(time)) {
    const found = text ? '' : 'it is empty; ';
    return refused(
      problems.invalidRequestHeader(
        name,
        `${found}expected a date and time such as 2026-01-31T08:00:00Z (RFC 3339) or Sat, 31 Jan 2026 08:00:00 GMT (HTTP-date, RFC 9110)`,
      ),
    );
  }
  return ok(new Date(time).toISOString());
};

/** A structured string ("abc"), or the bare text that many clients send. */
const readKey: Reader<string> = (text, name) => {
  let key = text;
  if (text.startsWith('"')) {
    try {
      key = String(parseItem(text)[0]);
    } catch {
      return refused(problems.invalidRequestHeader(name, 'expected a quoted string (RFC 9651)'));
    }
  }
  if (!PRINTABLE.test(key) || key.length > MAXIMUM_KEY) {
    return refused(problems.invalidRequestHeader(name, `expected 1 to ${MAXIMUM_KEY} printable characters`));
  }
  return ok(key);
};

/** RFC 9218: a priority that can't be read is ignored, as the RFC demands. */
const readUrgency: Reader<boolean> = (text) => {
  try {
    return ok(parseDictionary(text).get('u')?.[0] === 0);
  } catch {
    return ok(false);
  }
};

const readWait: Reader<number> = (text) => {
  const seconds = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,6})"?/i.exec(text)?.[1];
  return ok(seconds === undefined ? undefined : Math.min(Number(seconds), MAXIMUM_WAIT_SECONDS));
};

/**
 * Java's client adds a header line with each repeat: they arrive joined, `1, 2`. The highest counts; what is no number says nothing.
 * Empty elements of a list are passed over (RFC 9110 section 5.6.1.2).
 */
const readRetryAttempt: Reader<number> = (text) => {
  const numbers = text
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean);
  return ok(numbers.length > 0 && numbers.every((one) => /^[1-9]\d{0,2}$/.test(one)) ? Math.max(...numbers.map(Number)) : undefined);
};

const readClientRequestId: Reader<string> = (text) => ok(text && text.length <= 128 && PRINTABLE.test(text) ? text : undefined);

const text = { type: 'string' };
/** Quoted: printable ASCII with its quotes and backslashes escaped. Bare: the key itself, which begins with no quote. */
const KEY_PATTERN = `^(?:"(?! )(?:[ !#-\\[\\]-~]|\\\\["\\\\]){1,${MAXIMUM_KEY}}(?<! )"|[!#-~](?:[ -~]{0,${MAXIMUM_KEY - 2}}[!-~])?)$`;
const TIME_FORMS = 'RFC 3339, or the HTTP-date of RFC 9110';
const time = { type: 'string', minLength: 1, examples: ['2026-01-31T08:00:00Z', 'Sat, 31 Jan 2026 08:00:00 GMT'] };

/** Every request header that an operation reads, by the property that it becomes. OpenAPI's parameters are made from these rows. */
export const REQUEST_HEADERS: { readonly [Property in keyof RequestHeaders]-?: HeaderRow<NonNullable<RequestHeaders[Property]>> } = {
  idempotencyKey: {
    name: 'Idempotency-Key',
    description:
      'A repeat with the same key and the same content gets the first answer again. With other content it gets 422. Quoted (RFC 9651) or bare',
    schema: { type: 'string', pattern: KEY_PATTERN },
    read: readKey,
  },
  sendAt: { name: 'Send-At', description: `Not submitted before this time: ${TIME_FORMS}`, schema: time, read: readTime },
  sendBefore: { name: 'Send-Before', description: `Not submitted after this time: ${TIME_FORMS}`, schema: time, read: readTime },
  urgent: { name: 'Priority', description: 'RFC 9218; a mail with u=0 takes the urgent lane', schema: text, read: readUrgency },
  waitSeconds: {
    name: 'Prefer',
    description: `wait=N (RFC 7240): the answer is held up to N seconds, at most ${MAXIMUM_WAIT_SECONDS}, until the draft exists`,
    schema: text,
    forDraftsOnly: true,
    read: readWait,
  },
  clientRequestId: {
    name: 'client-request-id',
    description: 'Echoed, and kept in the log',
    schema: text,
    // A client's odd id is no reason to refuse its mail.
    read: readClientRequestId,
  },
  retryAttempt: {
    name: 'Retry-Attempt',
    description: "Microsoft's clients number their own repeats of a request with it, from 1. The Java client lists all numbers: `1, 2`",
    schema: text,
    read: readRetryAttempt,
  },
  traceparent: {
    name: 'traceparent',
    description: 'W3C Trace Context, kept with the request',
    schema: text,
    read: (text) => ok(TRACEPARENT.test(text) ? text : undefined),
  },
};

export function clientRequestIdOf(source: HeaderSource): string | undefined {
  const read = readClientRequestId(source.get('client-request-id')?.trim() ?? '', 'client-request-id');
  return read.ok ? read.value : undefined;
}

export function readRequestHeaders(source: HeaderSource): Checked<RequestHeaders> {
  const headers: Record<string, unknown> = { urgent: false };
  for (const [property, { name, read }] of Object.entries(REQUEST_HEADERS)) {
    const given = source.get(name)?.trim();
    const value = given === undefined ? ok(undefined) : read(given, name);
    if (!value.ok) return value;
    if (value.value !== undefined) headers[property] = value.value;
  }
  return ok(headers as unknown as RequestHeaders);
}
