// The flow of mail per hour, as the API counts it.
import { asList, asNumber, asObject, asText, type Json } from '../api/reading.ts';

export const SERIES = ['enqueued', 'sent', 'failed'] as const;
export type Series = (typeof SERIES)[number];

export type Hour = { at: string } & Readonly<Record<Series, number>>;

const hourOf = (json: Json): Hour | undefined => {
  const at = asText(json['hour']);
  if (at === undefined) return undefined;
  return { at, enqueued: asNumber(json['enqueued']) ?? 0, sent: asNumber(json['sent']) ?? 0, failed: asNumber(json['failed']) ?? 0 };
};

/** In the order of time. */
export const activityOf = (value: unknown): readonly Hour[] =>
  asList(asObject(value)['value'])
    .flatMap((one) => hourOf(asObject(one)) ?? [])
    .sort((one, other) => one.at.localeCompare(other.at));
