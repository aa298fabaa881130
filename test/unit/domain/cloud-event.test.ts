// What applications are told of a change of a send request.
import { describe, expect, test } from 'vitest';
import type { TimelineEvent } from '../../../shared/domain/log/apply-event.ts';
import { reducedEvent } from '../../../shared/domain/log/cloud-event.ts';
import {
  CLOUD_EVENT_PREFIX,
  CLOUD_EVENT_TYPES,
  LIFECYCLE_CLOUD_EVENTS,
  STATE_CLOUD_EVENTS,
} from '../../../shared/domain/log/cloud-event-types.ts';
import { EVENTS, RECIPIENT_EVENTS, STATES } from '../../../shared/domain/log/lifecycle.ts';
import { enqueuedEvent } from '../../../shared/usecases/log/new-record.ts';
import { recipient, record } from '../../support/samples.ts';
import { changed, failed, failedRecipient, full, LATER, MAILBOX, namesOf, told } from '../../support/told-changes.ts';

describe('the tables', () => {
  test('have a row with a reason for each event of the life cycle and for each state', () => {
    expect(Object.keys(LIFECYCLE_CLOUD_EVENTS).sort()).toEqual([...EVENTS].sort());
    expect(Object.keys(STATE_CLOUD_EVENTS).sort()).toEqual([...STATES].sort());
    for (const { reason } of [...Object.values(LIFECYCLE_CLOUD_EVENTS), ...Object.values(STATE_CLOUD_EVENTS)])
      expect(reason.length).toBeGreaterThan(10);
  });

  test('each type means one thing', () => {
    expect(new Set(CLOUD_EVENT_TYPES).size).toBe(CLOUD_EVENT_TYPES.length);
    expect(CLOUD_EVENT_TYPES).toContain('GraphMailQueue.SendRequest.Accepted');
  });

  test('every event about a recipient is told', () => {
    for (const event of RECIPIENT_EVENTS) expect(LIFECYCLE_CLOUD_EVENTS[event].type).toMatch(/^Recipient/);
  });
});

describe('a new request', () => {
  test('is told as enqueued if the queue has it', () => {
    const made = record(MAILBOX, { traceparent: '00-11111111111111111111111111111111-2222222222222222-01' });
    expect(told({ record: made, events: [enqueuedEvent(made)], recipients: [recipient()] })).toEqual([
      {
        id: `${made.id}/0000-enqueued`,
        source: '/queue/one',
        type: 'GraphMailQueue.SendRequest.Enqueued',
        subject: `/v1.0/users/sender@contoso.com/sendRequests/${made.id}`,
        time: made.createdDateTime,
        traceparent: made.traceparent,
        sequence: '000007.0000',
        data: expect.objectContaining({
          id: made.id,
          status: 'queued',
          mailbox: MAILBOX,
          internetMessageId: made.internetMessageId,
          recipientCounts: made.recipientCounts,
          recipients: [],
          events: [{ type: 'enqueued', dateTime: made.createdDateTime }],
        }),
      },
    ]);
  });

  test('with a key is told when the queue has confirmed it, and not before', () => {
    const unconfirmed = record(MAILBOX, { enqueued: false });
    const { enqueued: _, ...rest } = unconfirmed;
    expect(namesOf({ record: unconfirmed, events: [enqueuedEvent(unconfirmed)] })).toEqual([]);
    expect(namesOf({ before: unconfirmed, record: { ...rest, enqueued: true }, events: [] })).toEqual(['Enqueued']);
    expect(namesOf({ before: { ...rest, enqueued: true }, record: rest, events: [] })).toEqual([]);
  });

  test('that a faster worker confirms by its claim is told as enqueued once', () => {
    const unconfirmed = record(MAILBOX, { enqueued: false });
    const claim = changed(unconfirmed, { type: 'submissionStarted', patch: { enqueued: true } });
    expect(namesOf(claim)).toEqual(['Enqueued']);
    expect(told(claim)[0]?.id).toBe(`${unconfirmed.id}/0000-enqueued`);
    expect(namesOf(changed(claim.record, { type: 'submissionAccepted' }))).toEqual(['Accepted']);
  });

  test('whose row was written beside its queue message is told with the first delivery, and not before', () => {
    const made = record(MAILBOX, { unconfirmed: true });
    expect(namesOf({ record: made, events: [enqueuedEvent(made)] })).toEqual([]);
    const held = changed(made, { type: 'submissionHeld', clears: ['unconfirmed'] });
    expect(namesOf(held)).toEqual(['Enqueued']);
    expect(namesOf(changed(held.record, { type: 'submissionStarted' }))).toEqual([]);
    expect(namesOf(changed(made, { type: 'lifetimeExpired' }))).toEqual(['Expired']);
  });

  test('that the queue has not confirmed is told as cancelled only', () => {
    const { record: withdrawn, events } = changed(record(MAILBOX), { type: 'notAccepted', patch: { enqueued: false } });
    expect(namesOf({ record: withdrawn, events: [enqueuedEvent(withdrawn), ...events] })).toEqual(['Cancelled']);
  });
});

describe('a change of the state', () => {
  test('is told by the state that it leads to', () => {
    const submitting = record(MAILBOX, { status: 'submitting' });
    expect(namesOf(changed(submitting, { type: 'submissionAccepted' }))).toEqual(['Accepted']);
    expect(namesOf(changed(submitting, { type: 'submissionThrottled' }))).toEqual(['Deferred']);
    expect(namesOf(changed(submitting, { type: 'submissionRefused', patch: { mayHaveGone: true } }))).toEqual(['Unaccounted']);
  });

  test('to submitting is not told, nor what leaves the state as it is', () => {
    expect(namesOf(changed(record(MAILBOX), { type: 'submissionStarted' }))).toEqual([]);
    expect(namesOf(changed(record(MAILBOX), { type: 'submissionHeld' }))).toEqual([]);
    expect(namesOf(changed(record(MAILBOX, { status: 'sent' }), { type: 'foundInSentItems' }))).toEqual([]);
  });

  test('has the same id whenever the same fact is written again', () => {
    const submitting = record(MAILBOX, { status: 'submitting' });
    const ids = () => told(changed(submitting, { type: 'submissionAccepted' })).map(({ id }) => id);
    expect(ids()).toEqual([`${submitting.id}/0000-submissionAccepted-n1/accepted`]);
    expect(ids()).toEqual(ids());
  });

  test('each state on the way is told, with that state in its data', () => {
    const before = record(MAILBOX, { status: 'submitting' });
    const events: TimelineEvent[] = [
      { key: 'k1', type: 'reportReceived', dateTime: LATER, status: 'accepted' },
      failed(before, 1, { status: 'failed' }),
    ];
    const change = { before, record: { ...before, status: 'failed' as const }, events, recipients: [failedRecipient(1)] };
    expect(told(change).map(({ type, data }) => [type.slice(CLOUD_EVENT_PREFIX.length), data['status']])).toEqual([
      ['Accepted', 'accepted'],
      ['RecipientFailed', 'failed'],
      ['Failed', 'failed'],
    ]);
  });

  test('a line that does not name its state has the state of the record', () => {
    const before = record(MAILBOX, { status: 'sent' });
    const change = {
      before,
      record: { ...before, status: 'closed' as const },
      events: [{ key: 'k', type: 'reportWindowClosed', dateTime: LATER }],
    };
    expect(namesOf(change)).toEqual(['Closed']);
  });
});

describe('data', () => {
  const sent = record(MAILBOX, {
    status: 'sent',
    subject: 'Invoice',
    redirectedTo: 'test-mail@contoso.com',
    error: { code: 'ErrorX', message: 'refused for boss@contoso.com' },
  });
  const report = {
    before: sent,
    record: sent,
    events: [failed(sent, 1)],
    recipients: [{ ...failedRecipient(1), replaces: 'old@example.com' }, failedRecipient(2)],
  };
  const addressesIn = (event: unknown): string[] => JSON.stringify(event).match(/[\w.-]+@[\w.-]+/g) ?? [];

  test('names by default no address but the mailbox, the Message-ID and the recipient concerned, and no subject', () => {
    const [event] = told(report);
    const found = addressesIn({ ...event, data: { ...event?.data, internetMessageId: '' } });
    expect([...new Set(found)].sort()).toEqual(['person-1@example.com', MAILBOX]);
    expect(event?.data['subject']).toBeUndefined();
    expect(event?.data['recipients']).toEqual([{ ...failedRecipient(1), diagnosticCode: '550 5.1.1 <(address)>: user unknown' }]);
  });

  test('has of the timeline what GET returns of it', () => {
    const lines = told(report).flatMap(({ data }) => data['events'] as object[]);
    expect(lines.map((line) => Object.keys(line).sort())).toEqual([['attempt', 'dateTime', 'detail', 'recipient', 'type']]);
  });

  test('if it is full, it is what GET returns, with all recipients', () => {
    const [event] = told(report, full);
    expect(event?.data).toMatchObject({ subject: 'Invoice', redirectedTo: 'test-mail@contoso.com', error: sent.error });
    expect(event?.data['recipients']).toEqual(report.recipients);
  });

  test('if it is full and there are many recipients, it has the one concerned', () => {
    const recipients = Array.from({ length: 200 }, (_, index) => failedRecipient(index + 1));
    expect(told({ ...report, recipients }, full)[0]?.data['recipients']).toEqual([failedRecipient(1)]);
  });

  test('an address that the request does not have is told as it is', () => {
    const other = failed(sent, 1, { recipient: 'member@fabrikam.com' });
    expect(told({ ...report, events: [other] })[0]?.data['recipients']).toEqual([{ address: 'member@fabrikam.com' }]);
  });

  test('the recipients of a change that does not have them are told by their address', () => {
    const { recipients: _, ...change } = report;
    expect(told(change)[0]?.data['recipients']).toEqual([{ address: 'person-1@example.com' }]);
  });

  test('a recipient without a diagnostic is told without one', () => {
    const [event] = told({ ...report, recipients: [recipient(1)] });
    expect(event?.data['recipients']).toEqual([recipient(1)]);
  });
});

test('a reduced event says the same of the same request, without details', () => {
  const sent = record(MAILBOX, { status: 'sent', traceparent: 'x' });
  const [event] = told({ before: sent, record: sent, events: [failed(sent, 1)], recipients: [failedRecipient(1)] });
  if (!event) throw new Error('nothing is told');
  const { traceparent: _, data: __, ...rest } = event;
  expect(reducedEvent(event)).toEqual({ ...rest, data: { id: sent.id, status: 'sent', mailbox: MAILBOX, recipients: [], events: [] } });
});
