// What operators see: named events with properties, one vocabulary for code, queries and alerts.

/** No recipient's address, subject, token or body ever goes into a property. */
export interface Telemetry {
  event(name: string, properties: Readonly<Record<string, string | number | boolean | undefined>>): void;
}
