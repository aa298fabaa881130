// The events and properties that the code emits: what a query may name.
import { TELEMETRY_EVENTS } from '../../../shared/domain/log/telemetry-events.ts';

export const VOCABULARY: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(TELEMETRY_EVENTS).map(([name, { properties }]) => [name, new Set<string>(properties)]),
);
