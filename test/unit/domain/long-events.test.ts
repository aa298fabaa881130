// Whatever is told of a change fits into the rows and the transaction that there are: it must never keep the change from being written.
import { describe, expect, test } from 'vitest';
import { cloudEventsOf, publishedEvents, type ToldChange } from '../../../shared/domain/log/cloud-event.ts';
import { record } from '../../support/samples.ts';
import { failed, failedRecipient, full, MAILBOX, minimal, PIECE, told } from '../../support/told-changes.ts';

describe('what is long', () => {
  const sent = record(MAILBOX, { status: 'sent' });
  const piecesOf = (change: ToldChange, form = minimal) => cloudEventsOf(form, change, PIECE);
  const expectToFit = (change: ToldChange, form = minimal): void => {
    const pieces = piecesOf(change, form);
    expect(pieces.length).toBeGreaterThan(0);
    for (const piece of pieces) expect(JSON.stringify(piece).length).toBeLessThanOrEqual(PIECE);
  };

  test('many events of one change come in pieces that fit into a row each, in one order', () => {
    const events = Array.from({ length: 300 }, (_, index) => failed(sent, index + 1));
    const change = { before: sent, record: sent, events, recipients: events.map((_, index) => failedRecipient(index + 1)) };
    expectToFit(change);
    const all = told(change);
    expect(all).toHaveLength(300);
    expect(all.map(({ sequence }) => sequence)).toEqual(all.map(({ sequence }) => sequence).toSorted());
    expect(new Set(all.map(({ sequence }) => sequence)).size).toBe(300);
  });

  test('the most that reports write fits into one transaction: the words of servers are left out', () => {
    const events = Array.from({ length: 2_020 }, (_, index) => failed(sent, index + 1, { detail: 'x'.repeat(2_000) }));
    const recipients = events.map((_, index) => ({ ...failedRecipient(index + 1), diagnosticCode: 'y'.repeat(2_000) }));
    const pieces = piecesOf({ before: sent, record: sent, events, recipients });
    expect(pieces.length).toBeLessThan(50);
    expect(JSON.stringify(pieces).length).toBeLessThan(1_500_000);
    const [first] = pieces.flatMap((piece) => publishedEvents(piece, 1));
    expect(first?.data).toMatchObject({ recipients: [{ address: 'person-1@example.com', action: 'failed', status: '5.1.1' }] });
  });

  test('whatever a server or a caller writes, each event fits into a row', () => {
    const hostile = '\u0001'.repeat(4_000);
    const event = failed(sent, 1, { detail: hostile });
    const loud = { ...failedRecipient(1), diagnosticCode: hostile, remoteMta: hostile };
    expectToFit({ before: sent, record: sent, events: [event], recipients: [loud] });
    expectToFit({ before: sent, record: sent, events: [event], recipients: [{ ...loud, status: hostile }] });
    const long = { ...sent, clientRequestId: hostile, subject: hostile };
    expectToFit({ before: long, record: long, events: [event], recipients: [loud] }, full);
  });
});
