// Telemetry that only remembers.
import type { Telemetry } from '../../shared/ports/telemetry.ts';

export class RecordingTelemetry implements Telemetry {
  readonly events: { name: string; properties: Readonly<Record<string, string | number | boolean | undefined>> }[] = [];

  event(name: string, properties: Readonly<Record<string, string | number | boolean | undefined>>): void {
    this.events.push({ name, properties });
  }

  named(name: string): Readonly<Record<string, string | number | boolean | undefined>>[] {
    return this.events.filter((event) => event.name === name).map(({ properties }) => properties);
  }
}
