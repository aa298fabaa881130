// What is wrong with a CloudEvent in JSON, by the specification. https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md
// https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md

const NAME = /^[a-z0-9]+$/;
/** RFC 3986: the characters of a URI reference, and percent-encoding only as such. */
const URI_REFERENCE = /^(?:[\w\-.~:/?#[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+$/;
const URI = /^[A-Za-z][A-Za-z0-9+.-]*:/;
/** RFC 3339 section 5.6. */
const TIMESTAMP = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/i;
/** RFC 2046. */
const MEDIA_TYPE = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?:\s*;.*)?$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

type Check = (value: unknown) => string | undefined;

const text =
  (isRight: (value: string) => boolean, what: string): Check =>
  (value) =>
    typeof value === 'string' && isRight(value) ? undefined : `must be ${what}`;

const filled = text((value) => value.length > 0, 'a text that is not empty');

const REQUIRED: Readonly<Record<string, Check>> = {
  specversion: text((value) => value === '1.0', '"1.0"'),
  id: filled,
  source: text((value) => URI_REFERENCE.test(value), 'a URI reference that is not empty'),
  type: filled,
};

const OPTIONAL: Readonly<Record<string, Check>> = {
  subject: filled,
  time: text((value) => TIMESTAMP.test(value) && !Number.isNaN(Date.parse(value)), 'a time of RFC 3339'),
  datacontenttype: text((value) => MEDIA_TYPE.test(value), 'a media type'),
  dataschema: text((value) => URI.test(value) && URI_REFERENCE.test(value), 'a URI'),
  data_base64: text((value) => BASE64.test(value), 'base64'),
  data: () => undefined,
};

/** JSON format section 2.2: extensions are texts, booleans, or integers of 32 bits. */
const extension: Check = (value) =>
  typeof value === 'string' || typeof value === 'boolean' || (Number.isInteger(value) && Math.abs(value as number) <= 0x7fff_ffff)
    ? undefined
    : 'must be a text, a boolean or an integer';

/** A line for each mistake; empty: none. */
export function mistakesOf(event: unknown): string[] {
  if (typeof event !== 'object' || event === null || Array.isArray(event)) return ['An event must be a JSON object'];
  const found: string[] = [];
  for (const [name, check] of Object.entries(REQUIRED)) {
    const wrong = check((event as Record<string, unknown>)[name]);
    if (wrong !== undefined) found.push(`${name} ${wrong}`);
  }
  for (const [name, value] of Object.entries(event)) {
    // JSON format section 2.2: an attribute that is null counts as absent.
    if (name in REQUIRED || value === null) continue;
    if (!(name in OPTIONAL) && !NAME.test(name)) found.push(`${name} is no name of an attribute: lower-case letters and digits`);
    const wrong = (OPTIONAL[name] ?? extension)(value);
    if (wrong !== undefined) found.push(`${name} ${wrong}`);
  }
  if ('data' in event && 'data_base64' in event) found.push('data and data_base64 exclude each other');
  return found;
}
