// The id of a send request: time-ordered, lower-case Crockford base32, with check characters bound to its mailbox.

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const TIME_LENGTH = 10;
const RANDOM_LENGTH = 14;
const CHECK_LENGTH = 4;
const LENGTH = TIME_LENGTH + RANDOM_LENGTH + CHECK_LENGTH;
const PATTERN = new RegExp(`^[${ALPHABET}]{${LENGTH}}$`);
/** 50 bits of milliseconds: the first character stays small until the year 37648. */
const MAXIMUM_TIME = 2 ** 50 - 1;

function encode(value: number, length: number): string {
  let text = '';
  let rest = value;
  for (let i = 0; i < length; i++) {
    text = ALPHABET[rest % 32] + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

/** 32-bit FNV-1a: enough for check characters and lanes; not for anything that must resist an attack. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

const checkOf = (body: string, mailbox: string): string => encode(fnv1a(`${body} ${mailbox}`) % 32 ** CHECK_LENGTH, CHECK_LENGTH);

/**
 * A new id. `random` are at least 14 bytes of randomness. Ids sort by time.
 * The check characters let a reader tell an id that we gave out for a mailbox from a mistyped one while the log has no row yet.
 */
export function makeSendRequestId(atMs: number, mailbox: string, random: Uint8Array): string {
  const time = encode(Math.min(atMs, MAXIMUM_TIME), TIME_LENGTH);
  let body = time;
  for (let i = 0; i < RANDOM_LENGTH; i++) body += ALPHABET[(random[i] ?? 0) % 32];
  return body + checkOf(body, mailbox);
}

/** Whether the text has the shape of an id, whatever its mailbox. */
export const isSendRequestId = (text: string): boolean => PATTERN.test(text);

/** Whether the id was given out for this mailbox. */
export function belongsTo(id: string, mailbox: string): boolean {
  const body = id.slice(0, -CHECK_LENGTH);
  return isSendRequestId(id) && id.slice(-CHECK_LENGTH) === checkOf(body, mailbox);
}

/** When the id was made, in milliseconds since 1970. */
export function timeOfId(id: string): number {
  let value = 0;
  for (const character of id.slice(0, TIME_LENGTH)) value = value * 32 + ALPHABET.indexOf(character);
  return value;
}

/** The beginning of the keys of all ids made at that time. */
export const newestFirstAt = (atMs: number): string => encode(MAXIMUM_TIME - Math.min(Math.max(atMs, 0), MAXIMUM_TIME), TIME_LENGTH);

/** A key that sorts newest first: the time part is inverted. */
export const newestFirst = (id: string): string => newestFirstAt(timeOfId(id)) + id;

/** The id in such a key. */
export const idOfSortKey = (key: string): string => key.slice(TIME_LENGTH);

/** Whether a text is the key of an id. */
export const isSortKey = (text: string): boolean => isSendRequestId(idOfSortKey(text)) && newestFirst(idOfSortKey(text)) === text;
