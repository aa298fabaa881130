// The flow of mail per hour, as the API counts it.
import { type Json, listOf, numberOf, objectOf, textOf } from '../api/reading.ts';

export const SERIES = ['accepted', 'sent', 'failed'] as const;
export type Series = (typeof SERIES)[number];

export type Hour = { at: string } & Readonly<Record<Series, number>>;

const hourOf = (json: Json): Hour | undefined => {
  const at = textOf(json['hour']) ?? textOf(json['dateTime']) ?? textOf(json['start']);
  if (at === undefined) return undefined;
  return { at, accepted: numberOf(json['accepted']) ?? 0, sent: numberOf(json['sent']) ?? 0, failed: numberOf(json['failed']) ?? 0 };
};

/** In the order of time. */
export const activityOf = (value: unknown): readonly Hour[] =>
  listOf(objectOf(value)['value'])
    .flatMap((one) => hourOf(objectOf(one)) ?? [])
    .sort((one, other) => one.at.localeCompare(other.at));
