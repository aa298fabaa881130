// What one report, and all reports of one request, may write: a bounded number of events, and a count.
import { describe, expect, test } from 'vitest';
import { applyReports } from '../../../shared/domain/log/apply-reports.ts';
import type { SendRequestRecord } from '../../../shared/domain/log/send-request.ts';
import { countRecipients, type RecipientReport } from '../../../shared/domain/reconcile/recipients.ts';
import { recipients, record } from '../../support/samples.ts';

const two = recipients(2);
const sent = record('sender@contoso.com', { status: 'sent', attempts: 1, recipientCounts: countRecipients(two) });
const at = (minute: number): string => new Date(Date.parse('2026-01-15T09:00:00.000Z') + minute * 60_000).toISOString();
const line = (address: string, more: Partial<RecipientReport> = {}): RecipientReport => ({
  address,
  event: 'recipientFailed',
  dateTime: at(0),
  evidence: 'mail',
  ...more,
});
const strangers = (count: number, from = 0) => Array.from({ length: count }, (_, i) => line(`x${from + i}@example.net`));

describe('one report', () => {
  test('changes every recipient that it names, in any spelling, also one that is there twice', () => {
    const [first] = two;
    const twice = [first!, { ...two[1]!, address: first!.address.toUpperCase() }];
    const end = applyReports(sent, twice, [line(`<${first!.address}>`)], 'r1');
    expect(end.recipients.map(({ action }) => action)).toEqual(['failed', 'failed']);
    expect(end.record).toMatchObject({ status: 'failed', reportEvents: 1, recipientCounts: { failed: 2 } });
    expect(end.events).toHaveLength(1);
  });

  test('on addresses that the request does not have is ten events, and the others are counted', () => {
    const end = applyReports(sent, two, strangers(8_000), 'r1');
    expect(end.events).toHaveLength(10);
    expect(end.record.recipientCounts.others).toBe(8_000);
    expect(end.record.othersReported).toHaveLength(100);
    expect(end.record.status).toBe('sent');
  });

  test('that is read again changes nothing', () => {
    for (const count of [3, 60, 500]) {
      const once = applyReports(sent, two, strangers(count), 'r1');
      const again = applyReports(once.record, once.recipients, strangers(count), 'r1');
      expect(again.record).toBe(once.record);
      expect(again.events).toEqual([]);
    }
  });

  test('with nothing to say changes nothing', () => {
    expect(applyReports(sent, two, [], 'r1')).toEqual({ record: sent, recipients: two, events: [] });
  });
});

describe('whose matter the failures of a request are', () => {
  const [a, b] = two.map(({ address }) => address) as [string, string];
  const after = (...lines: RecipientReport[]) => applyReports(sent, two, lines, 'r1').record.failureClass;
  const own = { status: '5.7.233', evidence: 'exchangeReport' } as const;

  test.each([
    ['nobody failed', [line(a, { event: 'recipientDelayed', ...own })], undefined],
    ['the whole tenant is blamed', [line(a, own)], 'ownTenant'],
    ['our account is blamed', [line(a, { ...own, status: '5.1.8' })], 'ownAccount'],
    ['an address does not exist', [line(a, { status: '5.1.1' })], 'address'],
    ['the recipient refuses', [line(a, { status: '5.7.133' })], 'recipientPolicy'],
    ['the tenant is blamed by a mail that anybody can send', [line(a, { ...own, evidence: 'mail' })], 'recipientPolicy'],
    ['one address does not exist, and the tenant is blamed for the other', [line(a, { status: '5.1.1' }), line(b, own)], 'ownTenant'],
  ] as const)('%s', (_, lines, expected) => {
    expect(after(...lines)).toBe(expected);
  });

  test('is forgotten if Exchange says later that the mail was delivered', () => {
    const failed = applyReports(sent, two, [line(a, { status: '5.1.1' })], 'r1');
    const delivered = line(a, { event: 'recipientDelivered', evidence: 'exchangeReport', dateTime: at(1) });
    const end = applyReports(failed.record, failed.recipients, [delivered], 'r2');
    expect(end.record.recipientCounts).toMatchObject({ failed: 0, delivered: 1 });
    expect(end.record).not.toHaveProperty('failureClass');
  });
});

describe('all reports of a request', () => {
  /** So many reports, each later than the one before, each with another word on the same recipients. */
  function flooded(before: SendRequestRecord, evidence: RecipientReport['evidence'], count: number) {
    let end = { record: before, recipients: two as readonly (typeof two)[number][] };
    let events = 0;
    for (let n = 0; n < count; n++) {
      const lines = two.map(({ address }) => line(address, { dateTime: at(n), diagnosticCode: `smtp;550 ${n}`, evidence }));
      const next = applyReports(end.record, end.recipients, lines, `r${n}`);
      events += next.events.length;
      end = next;
    }
    return { ...end, events };
  }

  test('that anybody may have written end after some events; what Exchange says is still told then', () => {
    const claimed = flooded(sent, 'mail', 500);
    expect(claimed.events).toBe(4 * 2 + 20);
    expect(claimed.record.reportEvents).toBe(28);
    const exchange = line(two[0]!.address, { event: 'recipientDelivered', evidence: 'exchangeReport' });
    const end = applyReports(claimed.record, claimed.recipients, [exchange], 'own');
    expect(end.recipients[0]).toMatchObject({ action: 'delivered', evidence: 'exchangeReport' });
  });

  test('of Exchange itself end too, much later', () => {
    const told = flooded(sent, 'exchangeReport', 500);
    expect(told.events).toBe(16 * 2 + 200);
    const more = applyReports(told.record, told.recipients, strangers(3), 'late');
    expect(more.events).toEqual([]);
    expect(more.record.recipientCounts.others).toBe(3);
  });

  test('on other addresses are told apart up to a hundred, and beyond that the most of one report counts', () => {
    let end = { record: sent, recipients: two as readonly (typeof two)[number][] };
    for (const [from, count] of [
      [0, 90],
      [90, 30],
      [200, 25],
    ] as const) {
      end = applyReports(end.record, end.recipients, strangers(count, from), `r${from}`);
    }
    expect(end.record).toMatchObject({ othersBeyond: 25, recipientCounts: { others: 125 } });
    expect(end.record.othersReported).toHaveLength(100);
  });
});
