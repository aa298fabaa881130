// The published schema of events is the code's, and events keep to it.
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { EVENT_SCHEMA, eventSchemaText } from '../../../scripts/docs-tables.ts';
import { formOf } from '../../../shared/composition/compose-events.ts';
import { type CloudEvent, cloudEventsOf, publishedEvents, reducedEvent } from '../../../shared/domain/log/cloud-event.ts';
import { recipients, record } from '../../support/samples.ts';

const text = readFileSync(new URL(`../../../${EVENT_SCHEMA}`, import.meta.url), 'utf8');
const ajv = new Ajv2020({ strict: false, validateFormats: false });

/** What is wrong with the event as it is published. */
function mistakes(event: CloudEvent): unknown {
  const published = JSON.parse(JSON.stringify({ ...event, specversion: '1.0', datacontenttype: 'application/json' })) as unknown;
  ajv.validate(JSON.parse(text), published);
  return ajv.errors;
}

test('the schema is the one in the code (npm run docs)', () => {
  expect(eventSchemaText()).toBe(text);
});

const EXAMPLE = /```json\n([\s\S]*?)\n```/.exec(readFileSync(new URL('../../../docs/events.md', import.meta.url), 'utf8'))?.[1] ?? '';

test('the example of the document keeps to it', () => {
  expect(ajv.validate(JSON.parse(text), JSON.parse(EXAMPLE))).toBe(true);
});

test.each(['minimal', 'full'] as const)('events keep to it, also reduced ones, if their data is %s', (data) => {
  const before = record('sender@contoso.com', { status: 'sent', error: { code: 'X', message: 'x' }, draft: { id: 'AAMk' } });
  const line = { key: 'k', type: 'recipientFailed', dateTime: '2026-01-15T09:00:00.000Z', status: 'failed' as const };
  const told = cloudEventsOf(
    formOf({ source: '/queue', data }),
    {
      before,
      record: { ...before, status: 'failed', traceparent: '00-1-2-01' },
      events: [
        { ...line, recipient: 'person-1@example.com', detail: 'failed', attempt: 1 },
        { ...line, key: 'other', recipient: 'member@example.net' },
      ],
      recipients: recipients(2),
    },
    28_000,
  ).flatMap((piece) => publishedEvents(piece, 3));
  expect(told.map(({ type }) => type.split('.').at(-1))).toEqual(['RecipientFailed', 'Failed', 'RecipientFailed']);
  for (const event of told) expect([mistakes(event), mistakes(reducedEvent(event))]).toEqual([null, null]);
});

test('an event that lacks what the schema requires does not keep to it', () => {
  const before = record('sender@contoso.com');
  const change = {
    before,
    record: { ...before, status: 'accepted' as const },
    events: [{ key: 'k', type: 'submissionAccepted', dateTime: 'x' }],
  };
  const [event] = cloudEventsOf(formOf({ source: '/queue', data: 'minimal' }), change, 28_000).flatMap((piece) =>
    publishedEvents(piece, 1),
  );
  expect(mistakes(event as CloudEvent)).toBeNull();
  expect(mistakes({ ...(event as CloudEvent), type: 'Other' })).not.toBeNull();
  expect(mistakes({ ...(event as CloudEvent), data: {} })).not.toBeNull();
});
