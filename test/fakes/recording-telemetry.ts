// Telemetry that only remembers.
import type { TelemetryEvent, TelemetryProperties } from '../../shared/domain/log/telemetry-events.ts';
import type { Telemetry } from '../../shared/ports/telemetry.ts';

type Values = Readonly<Record<string, string | number | boolean | undefined>>;

export class RecordingTelemetry implements Telemetry {
  readonly events: { name: string; properties: Values }[] = [];

  event<Name extends TelemetryEvent>(name: Name, properties: TelemetryProperties<Name>): void {
    this.events.push({ name, properties: properties as Values });
  }

  named(name: TelemetryEvent): Values[] {
    return this.events.filter((event) => event.name === name).map(({ properties }) => properties);
  }
}
