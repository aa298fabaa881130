// Sending again by a filter what did not reach some recipients: what would happen, and where the next call goes on.
import { beforeEach, describe, expect, test } from 'vitest';
import type { SendRequestFilter } from '../../../shared/domain/log/filter.ts';
import type { Recipient } from '../../../shared/domain/log/send-request.ts';
import { newestFirst } from '../../../shared/domain/log/send-request-id.ts';
import { type BulkOrder, positionText, readBulkPosition } from '../../../shared/usecases/act/act-by-filter.ts';
import { Actions } from '../../../shared/usecases/act/actions.ts';
import { newId } from '../../support/samples.ts';
import { group, NDR, reported } from '../usecases/reported.ts';
import { MAILBOX, Stage } from '../usecases/stage.ts';
import { byFilter, OPERATOR, rejected } from './acting.ts';

const [A, B] = ['a@example.com', 'b@example.com'];
const TWO: Recipient[] = [A, B].map((address) => ({ address, type: 'to' }));

let stage: Stage;
let actions: Actions;
beforeEach(() => {
  stage = new Stage({ rules: { resendContent: 'keep' } });
  actions = new Actions(stage.context, stage.log);
});

const failed = (filter: SendRequestFilter, dryRun: boolean, more: Partial<BulkOrder> = {}) =>
  actions.byFilter(OPERATOR, byFilter('resend', filter, dryRun, { recipients: 'failed', ...more }));

/** It went out to two, and these came back. */
async function returned(addresses: readonly string[], itemClass: string | undefined = NDR): Promise<string> {
  const content = new TextEncoder().encode(
    JSON.stringify({ message: { toRecipients: TWO.map(({ address }) => ({ emailAddress: { address } })) } }),
  );
  const id = await stage.post({ recipients: TWO, content });
  await stage.deliver();
  if (addresses.length > 0)
    await reported(
      stage,
      id,
      addresses.map((address) => group(address)),
      itemClass,
    );
  return id;
}
const idsOf = ({ each }: Awaited<ReturnType<typeof failed>>) => each.map(({ record }) => record.id).sort();

describe('those that failed', () => {
  test('are mails that did not reach some of their recipients, and those that nobody got', async () => {
    const partly = await returned([B]);
    const wholly = await returned([A, B]);
    await returned([]);
    const refused = await rejected(stage, { recipients: TWO });
    const dry = await failed({}, true);
    expect(idsOf(dry)).toEqual([partly, wholly, refused].sort());
    expect(dry.each.every(({ result }) => result?.done)).toBe(true);
    expect(dry.each.find(({ record }) => record.id === partly)?.result?.detail).toBe('to 1 recipients, with the content from Blob Storage');
    expect(stage.queue.queued).toEqual([]);

    const acted = await failed({}, false, { reason: 'The account is free again' });
    expect(idsOf(acted)).toEqual([partly, wholly, refused].sort());
    expect((await stage.log.events(MAILBOX, partly)).at(-1)?.detail).toMatch(
      /, to 1 of 2 recipients, by application operator: The account is free again$/,
    );
    const sent = stage.queue.queued.flatMap(({ message }) => message.recipients.map(({ address }) => address)).sort();
    expect(sent).toEqual([A, A, B, B, B]);
    expect(await failed({}, false)).toEqual({ each: [], leftOut: 0 });
  });

  test('are left to a person if anybody may have said so, also of a mail that went out', async () => {
    await returned([B], 'IPM.Note');
    const known = await returned([B]);
    expect(await failed({}, true)).toMatchObject({ each: [{ record: { id: known } }], leftOut: 1 });
  });

  test('that fail later are taken then, and nobody else', async () => {
    const id = await returned([B]);
    await failed({}, false);
    await reported(stage, id, [group(A)], NDR);
    expect((await stage.record(id)).status).toBe('failed');
    expect(idsOf(await failed({ status: 'failed' }, false))).toEqual([id]);
    expect(stage.queue.queued.map(({ message }) => message.recipients.map(({ address }) => address))).toEqual([[B], [A]]);
  });
});

test('a mail that Exchange has is not sent to everybody again, and the answer says why', async () => {
  await returned([B]);
  const acted = await actions.byFilter(OPERATOR, byFilter('resend', { status: 'accepted' }, true));
  const other = await actions.byFilter(OPERATOR, byFilter('resend', { status: 'sent' }, true));
  expect([...acted.each, ...other.each].map(({ result }) => result)).toEqual([
    { done: false, detail: expect.stringContaining('it is not sent to everybody again') },
  ]);
});

test('a dry run says of each mail why it would not be sent', async () => {
  stage.context.rules.nonProduction = { redirectTo: undefined, allowedDomains: ['contoso.com'] };
  await returned([B]);
  const [one] = (await failed({}, true)).each;
  expect(one?.result).toEqual({ done: false, detail: expect.stringContaining('This environment is not production') });
});

describe('a call that takes long', () => {
  test('begins nothing more after a minute, and the next one goes on from there: none is missed, none is sent twice', async () => {
    const ids = [];
    for (let n = 0; n < 20; n++) ids.push(await returned([B]));
    const contents = stage.context.contents.kept.bind(stage.context.contents);
    stage.context.contents.kept = async (id) => {
      stage.clock.advance(10_000);
      return contents(id);
    };
    const done: string[] = [];
    let calls = 0;
    for (let next: BulkOrder['after'], isFirst = true; isFirst || next; isFirst = false) {
      const acted = await failed({}, false, { after: next });
      expect(acted.each.length).toBeLessThan(20);
      done.push(...acted.each.filter(({ result }) => result?.done).map(({ record }) => record.id));
      next = acted.next;
      calls++;
    }
    expect(calls).toBeGreaterThan(1);
    expect(done.sort()).toEqual(ids.sort());
    expect(stage.queue.queued).toHaveLength(20);
  });
});

test('a position is read as it was written, and nothing else is', () => {
  const after = newestFirst(newId(MAILBOX));
  for (const position of [{ status: 'failed' as const }, { status: 'sent' as const, after }])
    expect(readBulkPosition(positionText(position))).toEqual(position);
  for (const text of ['', 'nowhere', `failed.${after}.x`, 'failed.x.y', 'failed.']) expect(readBulkPosition(text)).toBeUndefined();
});
