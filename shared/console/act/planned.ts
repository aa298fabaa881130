// What the dry run of a resend says, as lines.
import { listOf, objectOf, textOf } from '../api/reading.ts';

const recipientIn = (value: unknown): string | undefined => textOf(value) ?? textOf(objectOf(value)['address']);

export function plannedOf(value: unknown): readonly string[] {
  const json = objectOf(value);
  const recipients = listOf(json['recipients']).flatMap((one) => recipientIn(one) ?? []);
  const warnings = listOf(json['warnings']).flatMap((one) => textOf(one) ?? []);
  const to =
    recipients.length > 0 ? [`A new send request to ${recipients.join(', ')}`] : ['A new send request to the recipients of this one'];
  return [...to, ...warnings];
}
