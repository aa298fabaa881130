// What operators see: named events with properties, one vocabulary for code, queries and alerts.
import type { TelemetryEvent, TelemetryProperties } from '../domain/log/telemetry-events.ts';

/** No recipient's address, subject, token or body ever goes into a property. */
export interface Telemetry {
  event<Name extends TelemetryEvent>(name: Name, properties: TelemetryProperties<Name>): void;
}
