// Forged reports by the thousand: what they may write is bounded, through the whole reconciler.
import { describe, expect, test } from 'vitest';
import { reconcileMailboxes } from '../../../shared/usecases/reconcile/reconcile-mailboxes.ts';
import { dsn } from '../reports/mails.ts';
import { group, NDR, report, reported, sent, TWO } from './reported.ts';
import { MAILBOX, MINUTE, Stage } from './stage.ts';

const strangers = (count: number) => Array.from({ length: count }, (_, i) => group(`x${i}@example.net`));
const reportEvents = async (stage: Stage, id: string) => (await stage.events(id)).filter((type) => type.startsWith('recipient')).length;

describe('a forged report', () => {
  test('that names 8,000 addresses is ten events and a count, and marks the recipients that it names', async () => {
    const { stage, id } = await sent();
    await reported(stage, id, [group('a@example.com'), ...strangers(8_000)], undefined, true);
    expect(await reportEvents(stage, id)).toBe(11);
    const { recipientCounts, status } = await stage.record(id);
    expect(status).toBe('sent');
    expect(recipientCounts.failed).toBe(1);
    expect(recipientCounts.others).toBeGreaterThanOrEqual(1_000);
  });

  test('in many parts is bounded like one in one part', async () => {
    const { stage, id } = await sent();
    const { internetMessageId } = await stage.record(id);
    const parts = Array.from({ length: 8 }, (_, part) => {
      const groups = Array.from({ length: 1_000 }, (_, i) => group(`p${part}x${i}@example.net`));
      return `--B1\nContent-Type: message/delivery-status\n\nReporting-MTA: dns;x\n\n${groups.join('\n')}\n`;
    });
    const one = new TextDecoder().decode(dsn('Reporting-MTA: dns;x\n', { headers: `In-Reply-To: ${internetMessageId}\n` }));
    const boundary = /boundary="?([^"\s;]+)/.exec(one)?.[1] ?? '';
    const mime = new TextEncoder().encode(
      one.replace(`--${boundary}--`, `${parts.join('').replaceAll('--B1', `--${boundary}`)}--${boundary}--`),
    );
    stage.graph.receive(MAILBOX, { mime, looksLikeReport: true });
    stage.clock.advance(MINUTE);
    await reconcileMailboxes(stage.context);
    expect(await reportEvents(stage, id)).toBe(10);
    expect((await stage.record(id)).recipientCounts.others).toBe(2_000);
  });

  test('by the hundred, each with other words and other addresses: the request has an end, and Exchange is still heard', async () => {
    const { stage, id } = await sent();
    const { internetMessageId } = await stage.record(id);
    for (let n = 0; n < 300; n++) {
      const lines = [
        group('a@example.com', n % 2 ? 'failed' : 'delayed', `5.1.${n % 9}`),
        group('b@example.com'),
        group(`y${n}@example.net`),
      ];
      stage.graph.receive(MAILBOX, { mime: report(internetMessageId, lines, true), looksLikeReport: true });
      stage.clock.advance(1_000);
    }
    stage.clock.advance(MINUTE);
    await reconcileMailboxes(stage.context);
    expect(await reportEvents(stage, id)).toBeLessThanOrEqual(4 * 2 + 20);
    const written = stage.calls.filter((call) => call === 'log.write').length;
    expect(written).toBeLessThan(60);
    await reported(stage, id, [group('b@example.com', 'delivered', '2.0.0')], 'REPORT.IPM.Note.DR');
    expect((await stage.log.recipients(MAILBOX, id))[1]).toMatchObject({ action: 'delivered', evidence: 'exchangeReport' });
  });

  test("that is read again by another process writes nothing, and Exchange's own group report names its members", async () => {
    const { stage, id } = await sent();
    await reported(stage, id, strangers(500), undefined, true);
    const before = [await stage.record(id), await stage.events(id)];
    stage.clock.advance(MINUTE);
    await reconcileMailboxes(stage.anotherProcess());
    expect([await stage.record(id), await stage.events(id)]).toEqual(before);
  });

  test('on a request of a thousand recipients finds each of them', async () => {
    const stage = new Stage();
    const recipients = Array.from({ length: 1_000 }, (_, i) => ({ address: `r${i}@example.com`, type: 'bcc' as const }));
    const id = await stage.post({ recipients: [...TWO, ...recipients] });
    await stage.deliver();
    await reconcileMailboxes(stage.context);
    await reported(stage, id, [...strangers(1_000), ...recipients.map(({ address }) => group(address))], NDR);
    expect((await stage.record(id)).recipientCounts).toMatchObject({ failed: 1_000, others: 1_000 });
  });
});
