// Changes of send requests, and what is told of them.
import { formOf } from '../../shared/composition/compose-events.ts';
import { applyEvent, type LifecycleEvent, type TimelineEvent } from '../../shared/domain/log/apply-event.ts';
import { type CloudEvent, cloudEventsOf, publishedEvents, type ToldChange } from '../../shared/domain/log/cloud-event.ts';
import { CLOUD_EVENT_PREFIX } from '../../shared/domain/log/cloud-event-types.ts';
import type { Recipient, SendRequestRecord } from '../../shared/domain/log/send-request.ts';
import { recipient } from './samples.ts';

export const MAILBOX = 'sender@contoso.com';
export const LATER = '2026-01-15T09:00:00.000Z';
export const minimal = formOf({ source: '/queue/one', data: 'minimal' });
export const full = formOf({ source: '/queue/one', data: 'full' });
export const PIECE = 28_000;

export const told = (change: ToldChange, form = minimal): CloudEvent[] =>
  cloudEventsOf(form, change, PIECE).flatMap((piece) => publishedEvents(piece, 7));
export const namesOf = (change: ToldChange, form = minimal): string[] =>
  told(change, form).map(({ type }) => type.slice(CLOUD_EVENT_PREFIX.length));

export function changed(before: SendRequestRecord, event: Partial<LifecycleEvent> & Pick<LifecycleEvent, 'type'>): ToldChange {
  const applied = applyEvent(before, { dateTime: LATER, fact: 'n1', ...event });
  if (applied.kind !== 'applied') throw new Error(`${event.type} does not apply`);
  return { before, record: applied.record, events: [applied.event] };
}

export const failed = (before: SendRequestRecord, index: number, more: Partial<TimelineEvent> = {}): TimelineEvent => ({
  key: `0000-recipientFailed-r1-${index}`,
  type: 'recipientFailed',
  dateTime: LATER,
  status: before.status,
  recipient: recipient(index).address,
  attempt: 1,
  detail: 'failed; 5.1.1; 550 5.1.1 <person-1@example.com>: user unknown; seen by admin@contoso.com',
  report: {
    event: 'recipientFailed',
    address: recipient(index).address,
    dateTime: LATER,
    evidence: 'exchangeReport',
    diagnosticCode: '550 5.1.1 seen by postmaster@fabrikam.com',
  },
  call: { ms: 5, requestId: 'r' },
  ...more,
});
export const failedRecipient = (index: number): Recipient => ({
  ...recipient(index),
  action: 'failed',
  status: '5.1.1',
  diagnosticCode: '550 5.1.1 <person-1@example.com>: user unknown',
  remoteMta: 'mx.example.com',
});
