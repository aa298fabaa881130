// Acting on many send requests at once, and a Send-At that no single queue message can wait for.
import { beforeEach, describe, expect, test } from 'vitest';
import type { Caller } from '../../../shared/domain/accept/caller.ts';
import { Actions } from '../../../shared/usecases/act/actions.ts';
import { group, reported } from '../usecases/reported.ts';
import { answered, command, HOUR, MAILBOX, MINUTE, NO_ANSWER, Stage } from '../usecases/stage.ts';
import { byFilter, OPERATOR, OWNER, rejected } from './acting.ts';

let stage: Stage;
let actions: Actions;
beforeEach(() => {
  stage = new Stage();
  actions = new Actions(stage.context, stage.log);
});

const cancel = (caller: Caller, id: string) => actions.cancel(caller, { mailbox: MAILBOX, id });
const resend = (caller: Caller, id: string) => actions.resend(caller, { mailbox: MAILBOX, id }, {}, async () => undefined);

describe('by a filter', () => {
  const recipient = 'person@example.com';

  test('a dry run says which ones, and does nothing', async () => {
    const ids = [await stage.post(), await stage.post()];
    const dry = await actions.byFilter(OPERATOR, byFilter('cancel', { recipient }, true));
    expect(dry.each.map(({ record }) => record.id).sort()).toEqual(ids.sort());
    expect(dry.each.every(({ result }) => result === undefined)).toBe(true);
    expect(stage.telemetry.named('operatorAction')).toEqual([
      { application: 'operator', action: 'cancel', dryRun: true, matched: 2, done: 0 },
    ]);
    expect(stage.queue.queued).toHaveLength(2);
  });

  test('cancels what waits, and only that', async () => {
    const gone = await stage.post();
    await stage.deliver();
    const waits = await stage.post();
    stage.graph.answerNext('submit', answered(429, undefined, HOUR));
    await stage.deliver();
    const queued = await stage.post();
    const acted = await actions.byFilter(OPERATOR, byFilter('cancel', {}, false));
    expect(acted.each.map(({ record, result }) => [record.id, result?.done])).toEqual(
      expect.arrayContaining([
        [waits, true],
        [queued, true],
      ]),
    );
    expect(acted.next).toBeUndefined();
    expect(acted.each).toHaveLength(2);
    expect((await stage.record(gone)).status).toBe('accepted');
  });

  test('resends what has failed and was not resent; what may have gone out only where it is named', async () => {
    const failed = await rejected(stage);
    const before = await rejected(stage);
    await resend(OWNER, before);
    await stage.deliverAll();
    const doubtful = await stage.post({ sendBefore: new Date(stage.clock.now() + MINUTE).toISOString() });
    stage.graph.answerNext('submit', NO_ANSWER);
    stage.graph.answerNext('findByMark', answered(500));
    await stage.deliverAll();
    expect(['accepted', 'sent', 'unaccounted']).toContain((await stage.record(doubtful)).status);
    const acted = await actions.byFilter(OPERATOR, byFilter('resend', { recipient }, false));
    expect(acted.each.map(({ record }) => record.id)).toEqual([failed]);
    expect(acted.each[0]?.result).toMatchObject({ done: true, detail: expect.stringMatching(/^as /) });
    const named = await actions.byFilter(OPERATOR, byFilter('resend', { status: 'unaccounted' }, true));
    expect(named.each.every(({ record }) => record.status === 'unaccounted')).toBe(true);
  });

  test('tells for each why it was not done', async () => {
    const id = await rejected(stage);
    stage.contents.keptContents.clear();
    const acted = await actions.byFilter(OPERATOR, byFilter('resend', { status: 'rejected' }, false));
    expect(acted.each[0]?.result).toEqual({ done: false, detail: expect.stringContaining('not stored') });
    expect(acted.each[0]?.record.id).toBe(id);
  });

  describe('that finds what has failed', () => {
    const [A, B] = [
      { address: 'a@example.com', type: 'to' as const },
      { address: 'b@example.com', type: 'to' as const },
    ];
    const NDR = 'REPORT.IPM.Note.NDR';
    /** It went out, its content is kept, and this was reported of it. */
    async function failed(lines: string[], itemClass: string | undefined, byStranger: boolean): Promise<string> {
      const id = await stage.post({ recipients: [A, B] });
      await stage.deliver();
      await reported(stage, id, lines, itemClass, byStranger);
      expect((await stage.record(id)).status).toBe('failed');
      stage.contents.keptContents.set(id, command().content);
      return id;
    }
    const both = [group(A.address), group(B.address)];

    test("resends what Exchange's own report says, and nothing that rests on a mail or a guess; a person may, by its id", async () => {
      const exchange = await failed(both, NDR, false);
      const stranger = await failed(both, NDR, true);
      const mail = await failed(both, undefined, false);
      const mixed = await stage.post({ recipients: [A, B] });
      await stage.deliver();
      await reported(stage, mixed, [group(A.address)], NDR);
      await reported(stage, mixed, [group('rewritten@example.net')], NDR);
      expect(await stage.record(mixed)).toMatchObject({ status: 'failed' });
      expect((await stage.log.recipients(MAILBOX, mixed)).map(({ evidence }) => evidence)).toEqual(['exchangeReport', 'inferred']);

      for (const filter of [{}, { status: 'failed' as const }]) {
        const dry = await actions.byFilter(OPERATOR, byFilter('resend', filter, true));
        expect(dry.each.map(({ record }) => record.id)).toEqual([exchange]);
        expect(dry).toMatchObject({ leftOut: 3 });
        expect(dry.next).toBeUndefined();
      }
      const acted = await actions.byFilter(OPERATOR, byFilter('resend', {}, false));
      expect(acted.each.map(({ record, result }) => [record.id, result?.done])).toEqual([[exchange, true]]);
      for (const id of [stranger, mail, mixed]) expect((await stage.record(id)).resentAs).toBeUndefined();

      expect(await resend(OPERATOR, stranger)).toMatchObject({ kind: 'resent' });
    });

    test('what is left out never fills a call: those behind it get their turn', async () => {
      const exchange = await failed(both, NDR, false);
      for (let n = 0; n < 505; n++) {
        const id = await stage.post({ recipients: [A, B] });
        const stored = await stage.log.read(MAILBOX, id);
        const recipients = [A, B].map((one) => ({ ...one, action: 'failed' as const, evidence: 'mail' as const }));
        if (stored) await stage.log.write({ record: { ...stored.value, status: 'failed' }, events: [], recipients }, stored.etag);
      }
      const dry = await actions.byFilter(OPERATOR, byFilter('resend', { status: 'failed' }, true));
      expect(dry.each.map(({ record }) => record.id)).toEqual([exchange]);
      expect(dry.leftOut).toBe(505);
    });
  });

  test('acts on so many at a time, and says that there are more', async () => {
    for (let n = 0; n < 510; n++) await stage.post();
    const first = await actions.byFilter(OPERATOR, byFilter('cancel', {}, false));
    expect([first.each.length, first.next !== undefined]).toEqual([500, true]);
    const second = await actions.byFilter(OPERATOR, byFilter('cancel', {}, false));
    expect([second.each.length, second.next !== undefined]).toEqual([10, false]);
  });
});

describe('a far Send-At', () => {
  test('is waited for in steps that the queue can hold, and the mail goes out once, then', async () => {
    const sendAt = new Date(stage.clock.now() + 29 * 24 * HOUR).toISOString();
    const id = await stage.post({ ...command(), sendAt });
    const steps: number[] = [];
    for (let n = 0; n < 20 && stage.queue.queued.length > 0; n++) {
      const { notBefore } = stage.successor();
      steps.push(Date.parse(notBefore ?? '') - stage.clock.now());
      stage.clock.advanceTo(notBefore ?? '');
      await stage.deliver();
    }
    expect(Math.max(...steps)).toBeLessThanOrEqual(7 * 24 * HOUR);
    expect(stage.graph.submissions).toHaveLength(1);
    expect(stage.now() >= sendAt).toBe(true);
    expect(stage.clock.now() - Date.parse(sendAt)).toBeLessThan(MINUTE);
    expect((await stage.record(id)).status).toBe('accepted');
  });

  test('can be cancelled on the way', async () => {
    const id = await stage.post({ sendAt: new Date(stage.clock.now() + 30 * 24 * HOUR).toISOString() });
    stage.clock.advance(6 * 24 * HOUR);
    await stage.deliver();
    expect(await cancel(OWNER, id)).toMatchObject({ kind: 'done' });
    await stage.deliverAll();
    expect(stage.graph.submissions).toEqual([]);
  });
});
