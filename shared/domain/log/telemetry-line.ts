// An event as one line of JSON that begins with its name, without anybody's address but the sending mailbox's.
import type { TelemetryEvent, TelemetryProperties } from './telemetry-events.ts';

/** Any other address may be a recipient's, quoted in some server's words. */
const WITH_ADDRESS = ['mailbox'];
const WORD = /[^\s<>"'(),;:]+/g;
const MAXIMUM_TEXT = 1_000;

/** An at sign with something before and behind it. */
function withoutAddress(word: string): string {
  const at = word.indexOf('@', 1);
  return at > 0 && at < word.length - 1 ? '(address)' : word;
}

type Value = string | number | boolean | undefined;

/** The text with `(address)` in place of each mail address. */
export const textWithoutAddresses = (text: string): string => text.replace(WORD, withoutAddress);

const withoutAddresses = (name: string, value: Value): Value =>
  typeof value === 'string' && !WITH_ADDRESS.includes(name) ? textWithoutAddresses(value).slice(0, MAXIMUM_TEXT) : value;

export function telemetryLine<Name extends TelemetryEvent>(event: Name, properties: TelemetryProperties<Name>): string {
  const entries = Object.entries<Value>(properties).map(([key, value]) => [key, withoutAddresses(key, value)]);
  return JSON.stringify({ event, ...Object.fromEntries(entries) });
}
