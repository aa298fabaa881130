// What the dry run of a resend says, as lines.
import { asList, asObject, asText } from '../api/reading.ts';

const SOURCES: Readonly<Record<string, string>> = {
  copy: 'Its content comes from its copy in Sent Items.',
  kept: 'Its content comes from what the queue has kept.',
};

function recipientInWords(value: unknown): string {
  const json = asObject(value);
  const replaces = asText(json['replaces']);
  return `${asText(json['address']) ?? '(no address)'}${replaces === undefined ? '' : `, in place of ${replaces}`}`;
}

export function plannedOf(value: unknown): readonly string[] {
  const json = asObject(value);
  const content = asText(json['content']) ?? '';
  const to = asList(json['recipients']).map((recipient) => `A new mail goes to ${recipientInWords(recipient)}`);
  return [...to, ...(Object.hasOwn(SOURCES, content) ? [SOURCES[content] as string] : [])];
}
