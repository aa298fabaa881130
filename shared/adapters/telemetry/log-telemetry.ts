// Telemetry as structured log lines: one JSON object a line, which Application Insights indexes by its event name.
import type { Telemetry } from '../../ports/telemetry.ts';

/** Writes one line. In Azure the Functions host forwards standard output to Application Insights. */
export type WriteLine = (line: string) => void;

export class LogTelemetry implements Telemetry {
  readonly #write: WriteLine;

  constructor(write: WriteLine) {
    this.#write = write;
  }

  event(name: string, properties: Readonly<Record<string, string | number | boolean | undefined>>): void {
    this.#write(JSON.stringify({ event: name, ...properties }));
  }
}
