// What the dry run of a resend says, as lines.
import { asList, asObject, asText } from '../api/reading.ts';

const recipientIn = (value: unknown): string | undefined => asText(value) ?? asText(asObject(value)['address']);

export function plannedOf(value: unknown): readonly string[] {
  const json = asObject(value);
  const recipients = asList(json['recipients']).flatMap((one) => recipientIn(one) ?? []);
  const warnings = asList(json['warnings']).flatMap((one) => asText(one) ?? []);
  const to =
    recipients.length > 0 ? [`A new send request to ${recipients.join(', ')}`] : ['A new send request to the recipients of this one'];
  return [...to, ...warnings];
}
