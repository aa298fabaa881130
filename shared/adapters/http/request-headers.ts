// The request headers that are ours or Graph's, read and checked: a wrong one is refused, an unknown preference ignored.
import { parseDictionary, parseItem } from 'structured-headers';
import { type Checked, ok, problems, refused } from '../../domain/content/problem.ts';

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

type Read<T> = Checked<T | undefined>;

function readTime(source: HeaderSource, name: string): Read<string> {
  const text = source.get(name)?.trim();
  if (!text) return ok(undefined);
  const time = RFC3339.test(text) ? timeOf(text.replace(' ', 'T').toUpperCase()) : Number.NaN;
  if (Number.isNaN(time))
    return refused(problems.invalidRequestHeader(name, 'expected a date and time such as 2026-01-31T08:00:00Z (RFC 3339)'));
  return ok(new Date(time).toISOString());
}

/** A structured string ("abc"), or the bare text that many clients send. */
function readKey(source: HeaderSource): Read<string> {
  const text = source.get('idempotency-key')?.trim();
  if (text === undefined) return ok(undefined);
  let key = text;
  if (text.startsWith('"')) {
    try {
      key = String(parseItem(text)[0]);
    } catch {
      return refused(problems.invalidRequestHeader('Idempotency-Key', 'expected a quoted string (RFC 9651)'));
    }
  }
  if (!PRINTABLE.test(key) || key.length > MAXIMUM_KEY) {
    return refused(problems.invalidRequestHeader('Idempotency-Key', `expected 1 to ${MAXIMUM_KEY} printable characters`));
  }
  return ok(key);
}

/** RFC 9218: a priority that can't be read is ignored, as the RFC demands. */
function isUrgent(source: HeaderSource): boolean {
  try {
    return parseDictionary(source.get('priority') ?? '').get('u')?.[0] === 0;
  } catch {
    return false;
  }
}

function waitOf(source: HeaderSource): number | undefined {
  const seconds = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,6})"?/i.exec(source.get('prefer') ?? '')?.[1];
  return seconds === undefined ? undefined : Math.min(Number(seconds), MAXIMUM_WAIT_SECONDS);
}

/** Echoed and kept where it is one; a client's odd id is no reason to refuse its mail. */
export function clientRequestIdOf(source: HeaderSource): string | undefined {
  const id = source.get('client-request-id')?.trim();
  return id && id.length <= 128 && PRINTABLE.test(id) ? id : undefined;
}

/** Java's client adds a header line with each repeat: they arrive joined, `1, 2`. The highest counts; what is no number says nothing. */
function retryAttemptOf(source: HeaderSource): number | undefined {
  const numbers = (source.get('retry-attempt') ?? '').split(',').map((text) => text.trim());
  if (!numbers.every((text) => /^[1-9]\d{0,2}$/.test(text))) return undefined;
  return Math.max(...numbers.map(Number));
}

export function readRequestHeaders(source: HeaderSource): Checked<RequestHeaders> {
  const key = readKey(source);
  if (!key.ok) return key;
  const sendAt = readTime(source, 'Send-At');
  if (!sendAt.ok) return sendAt;
  const sendBefore = readTime(source, 'Send-Before');
  if (!sendBefore.ok) return sendBefore;
  const waitSeconds = waitOf(source);
  const clientRequestId = clientRequestIdOf(source);
  const traceparent = source.get('traceparent')?.trim();
  const retryAttempt = retryAttemptOf(source);
  return ok({
    urgent: isUrgent(source),
    ...(key.value !== undefined && { idempotencyKey: key.value }),
    ...(sendAt.value !== undefined && { sendAt: sendAt.value }),
    ...(sendBefore.value !== undefined && { sendBefore: sendBefore.value }),
    ...(waitSeconds !== undefined && { waitSeconds }),
    ...(clientRequestId !== undefined && { clientRequestId }),
    ...(retryAttempt !== undefined && { retryAttempt }),
    ...(traceparent !== undefined && TRACEPARENT.test(traceparent) && { traceparent }),
  });
}
