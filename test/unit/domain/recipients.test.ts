// Which report replaces which, for one recipient; and the counts of a request.

import { describe, expect, test } from 'vitest';
import { sameAddress } from '../../../shared/domain/address/address.ts';
import type { RecipientEvent } from '../../../shared/domain/log/lifecycle.ts';
import type { Evidence, Recipient, RecipientAction } from '../../../shared/domain/log/send-request.ts';
import {
  countRecipients,
  everyRecipientFailed,
  foldReport,
  isOfExchange,
  type RecipientReport,
} from '../../../shared/domain/reconcile/recipients.ts';

const EVENT: Record<RecipientAction, RecipientEvent> = {
  quarantined: 'recipientQuarantined',
  filteredAsSpam: 'recipientFilteredAsSpam',
  failed: 'recipientFailed',
  delayed: 'recipientDelayed',
  delivered: 'recipientDelivered',
  relayed: 'recipientRelayed',
  expanded: 'recipientExpanded',
};
const EARLY = '2026-01-15T09:00:00.000Z';
const LATE = '2026-01-15T10:00:00.000Z';
const base: Recipient = { address: 'person@example.com', type: 'to' };

const report = (action: RecipientAction, evidence: Evidence, dateTime: string): RecipientReport => ({
  address: base.address,
  event: EVENT[action],
  dateTime,
  evidence,
  status: `of ${action}`,
});
const reported = (action: RecipientAction, evidence: Evidence): Recipient => foldReport(base, report(action, evidence, EARLY));

/** Rows: what is known. Columns: the report that comes. `new` replaces, `old` stays. Equally trusted, the new one later. */
const SAME_TRUST = `
known          delayed expanded relayed quarantined filteredAsSpam delivered failed
delayed        new     new      new     new         new            new       new
expanded       old     new      new     new         new            new       new
relayed        old     old      new     new         new            new       new
quarantined    old     old      old     new         new            new       new
filteredAsSpam old     old      old     new         new            new       new
delivered      old     old      old     new         new            new       new
failed         old     old      old     old         old            old       new
`;
/** Known from Exchange's own report, the new one a mail that merely looks like a report: Exchange's last word stays. */
const LESS_TRUST = `
known      delayed expanded relayed delivered failed
delayed    old     new      new     new       new
expanded   old     old      new     new       new
relayed    old     old      old     new       new
delivered  old     old      old     old       old
failed     old     old      old     old       old
`;
/** Known from a mail that looks like a report, the new one Exchange's own: its last word always counts, and no less than among equals. */
const MORE_TRUST = `
known      delayed expanded relayed delivered failed
delayed    new     new      new     new       new
expanded   old     new      new     new       new
relayed    old     old      new     new       new
delivered  old     old      old     new       new
failed     old     old      old     new       new
`;
/** Known from the message trace, the new one Exchange's own report. */
const REPORT_AFTER_TRACE = `
known          delayed expanded relayed delivered failed
quarantined    old     old      old     new       new
filteredAsSpam old     old      old     new       new
delivered      old     old      old     new       new
failed         old     old      old     new       new
`;
/** Known from the message trace, the new one a mail: what happened downstream is no less true for it. */
const MAIL_AFTER_TRACE = `
known          delayed expanded relayed delivered failed
quarantined    old     old      old     new       new
delivered      old     old      old     old       new
failed         old     old      old     old       old
`;
/** Known from Exchange's own report, the new one the message trace. */
const TRACE_AFTER_REPORT = `
known      quarantined filteredAsSpam delivered failed
delayed    new         new            new       new
relayed    new         new            new       new
delivered  old         old            old       old
failed     old         old            old       old
`;

const rows = (table: string, known: Evidence, comes: Evidence) => {
  const [header = [], ...lines] = table
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  return lines.flatMap(([from, ...verdicts]) =>
    verdicts.map((verdict, i) => ({ from: from as RecipientAction, to: header[i + 1] as RecipientAction, known, comes, verdict })),
  );
};

test.each([
  ...rows(SAME_TRUST, 'messageTrace', 'messageTrace'),
  ...rows(LESS_TRUST, 'exchangeReport', 'mail'),
  ...rows(MORE_TRUST, 'mail', 'exchangeReport'),
  ...rows(REPORT_AFTER_TRACE, 'messageTrace', 'exchangeReport'),
  ...rows(MAIL_AFTER_TRACE, 'messageTrace', 'mail'),
  ...rows(TRACE_AFTER_REPORT, 'exchangeReport', 'messageTrace'),
])('$from ($known), then $to ($comes): the $verdict one counts', ({ from, to, known, comes, verdict }) => {
  const before = reported(from, known);
  const after = foldReport(before, report(to, comes, LATE));
  if (verdict === 'old') expect(after).toBe(before);
  else expect(after).toEqual({ ...base, action: to, status: `of ${to}`, reportedDateTime: LATE, evidence: comes });
});

describe('a report', () => {
  test('that is older than an equal one adds nothing', () => {
    const before = foldReport(base, report('failed', 'exchangeReport', LATE));
    expect(foldReport(before, report('failed', 'exchangeReport', EARLY))).toBe(before);
  });

  test('that is read again adds nothing', () => {
    const before = foldReport(base, report('failed', 'exchangeReport', LATE));
    expect(foldReport(before, report('failed', 'exchangeReport', LATE))).toBe(before);
    const read = foldReport(before, { ...report('failed', 'mail', LATE), event: 'recipientRead' });
    expect(foldReport(read, { ...report('failed', 'mail', LATE), event: 'recipientRead' })).toBe(read);
  });

  test('replaces all fields of the one before it, so that two reports are never mixed', () => {
    const full = foldReport(base, { ...report('delayed', 'mail', EARLY), diagnosticCode: 'smtp; 451', remoteMta: 'mx.example.com' });
    expect(full).toMatchObject({ diagnosticCode: 'smtp; 451', remoteMta: 'mx.example.com' });
    const { status: _status, ...bare } = report('delivered', 'mail', LATE);
    expect(foldReport(full, bare)).toEqual({ ...base, action: 'delivered', reportedDateTime: LATE, evidence: 'mail' });
  });

  test('of reading sets the disposition and leaves the action as it is; a later action keeps it', () => {
    const read = foldReport(reported('delivered', 'mail'), {
      ...report('delivered', 'mail', LATE),
      event: 'recipientRead',
      disposition: 'displayed',
    });
    expect(read).toMatchObject({ action: 'delivered', disposition: 'displayed', reportedDateTime: EARLY });
    expect(foldReport(read, report('failed', 'exchangeReport', LATE))).toMatchObject({ action: 'failed', disposition: 'displayed' });
  });

  test('without a disposition says displayed for read and deleted for not read', () => {
    const bare = { address: base.address, dateTime: EARLY, evidence: 'mail' } as const;
    expect(foldReport(base, { ...bare, event: 'recipientRead' }).disposition).toBe('displayed');
    expect(foldReport(base, { ...bare, event: 'recipientNotRead' }).disposition).toBe('deleted');
  });

  test('about a recipient whose earlier evidence is not known is trusted as much as that one', () => {
    const { evidence: _evidence, reportedDateTime: _time, ...unknown } = reported('failed', 'mail');
    expect(foldReport(unknown, report('failed', 'mail', EARLY))).toMatchObject({ evidence: 'mail' });
  });
});

describe('the counts of a request', () => {
  const actions: (RecipientAction | undefined)[] = ['failed', 'delayed', 'delivered', 'relayed', 'expanded', undefined];

  test('count each recipient by its action and its disposition', () => {
    const all = actions.map((action, i): Recipient => ({ ...base, address: `p${i}@example.com`, ...(action && { action }) }));
    const dispositions = ['displayed', 'deleted', 'processed'].map((disposition): Recipient => ({ ...base, disposition }));
    expect(countRecipients([...all, ...dispositions])).toEqual({
      total: 9,
      failed: 1,
      delayed: 1,
      delivered: 1,
      relayed: 1,
      expanded: 1,
      read: 1,
      notRead: 1,
    });
  });

  test('count what only the message trace tells where it told it', () => {
    expect(
      countRecipients([
        { ...base, action: 'quarantined' },
        { ...base, action: 'filteredAsSpam' },
      ]),
    ).toMatchObject({
      total: 2,
      delivered: 0,
      quarantined: 1,
      filteredAsSpam: 1,
    });
    expect(countRecipients([base])).not.toHaveProperty('quarantined');
  });

  test('say that all failed only where there is somebody and nobody else', () => {
    const failed: Recipient = { ...base, action: 'failed' };
    expect(everyRecipientFailed(countRecipients([]))).toBe(false);
    expect(everyRecipientFailed(countRecipients([failed, base]))).toBe(false);
    expect(everyRecipientFailed(countRecipients([failed, failed]))).toBe(true);
  });
});

test('addresses are the same without case and spaces around', () => {
  expect(sameAddress(' Person@Example.com', 'person@example.COM ')).toBe(true);
  expect(sameAddress('person@example.com', 'other@example.com')).toBe(false);
});

test("Exchange's own word is its report or its trace; no evidence, a mail and a guess are none", () => {
  expect((['exchangeReport', 'messageTrace'] as const).map(isOfExchange)).toEqual([true, true]);
  expect((['mail', 'inferred', undefined] as const).map(isOfExchange)).toEqual([false, false, false]);
});

test('a report changes neither which resend covers a recipient, nor whose address it corrects', () => {
  const known = { ...base, replaces: 'first@example.com', resentAs: '01later' };
  expect(foldReport(known, report('failed', 'exchangeReport', LATE))).toMatchObject({ ...known, action: 'failed' });
});
