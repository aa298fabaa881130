// Telemetry as structured log lines: one JSON object a line, which Application Insights indexes by its event name.
import type { Telemetry } from '../../ports/telemetry.ts';

/** Writes one line. In Azure the Functions host forwards standard output to Application Insights. */
export type WriteLine = (line: string) => void;

type Value = string | number | boolean | undefined;

/** The sending mailbox is what operators ask for; every other address may be a recipient's, quoted in some server's words. */
const WITH_ADDRESS = ['mailbox'];
const ADDRESS = /[^\s<>"'(),;:]+@[^\s<>"'(),;:]+/g;
const MAXIMUM_TEXT = 1_000;

const withoutAddresses = (name: string, value: Value): Value =>
  typeof value === 'string' && !WITH_ADDRESS.includes(name) ? value.replace(ADDRESS, '(address)').slice(0, MAXIMUM_TEXT) : value;

export class LogTelemetry implements Telemetry {
  readonly #write: WriteLine;

  constructor(write: WriteLine) {
    this.#write = write;
  }

  event(name: string, properties: Readonly<Record<string, Value>>): void {
    const entries = Object.entries(properties).map(([key, value]) => [key, withoutAddresses(key, value)]);
    this.#write(JSON.stringify({ event: name, ...Object.fromEntries(entries) }));
  }
}
