// How long an answer asks us to wait: every form of Retry-After, also if the field was sent twice.

/**
 * The longest limit of Exchange Online counts 24 hours (recipients a day), so no honest answer names more. The cap keeps one absurd value from making
 * all mail of a mailbox wait until the end of its lifetime.
 */
const MAXIMUM_MS = 86_400_000;

const DAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const MONTH = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';
const TIME = String.raw`\d{2}:\d{2}:\d{2}`;
/** IMF-fixdate, and the obsolete forms of RFC 850 and asctime, which a recipient must accept, too (RFC 9110 section 5.6.7). */
const HTTP_DATES = [
  new RegExp(String.raw`^${DAY}, \d{2} ${MONTH} \d{4} ${TIME} GMT$`, 'i'),
  new RegExp(String.raw`^(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, \d{2}-${MONTH}-\d{2} ${TIME} GMT$`, 'i'),
  new RegExp(String.raw`^${DAY} ${MONTH} [ \d]\d ${TIME} \d{4}$`, 'i'),
];

/** Values are joined by commas, and a date has one of its own after the name of the day. */
const valuesOf = (value: string): string[] =>
  value
    .replace(/((?:^|,)\s*(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*),/gi, '$1;')
    .split(',')
    .map((one) => one.replace(';', ',').trim());

function oneMs(text: string, nowMs: number): number | undefined {
  if (/^\d+(?:\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000);
  const form = HTTP_DATES.findIndex((date) => date.test(text));
  if (form < 0) return undefined;
  // asctime names no zone; all HTTP dates are in UTC.
  const date = Date.parse(form === 2 ? `${text} GMT` : text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}

/**
 * Milliseconds of a Retry-After value: seconds (Graph sends decimals, such as 2.128) or an HTTP date (RFC 9110 section 10.2.3). Of joined values
 * (`3, 5`: the field was sent twice, RFC 9110 section 5.3) the largest counts. A date in the past is 0, a value that cannot be read is undefined, and the maximum is a day.
 */
export function retryAfterMs(value: string | undefined, nowMs: number): number | undefined {
  const waits = valuesOf(value ?? '').flatMap((text) => oneMs(text, nowMs) ?? []);
  return waits.length === 0 ? undefined : Math.min(MAXIMUM_MS, Math.max(...waits));
}
