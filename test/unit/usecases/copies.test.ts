// Copies in Sent Items, several of one mailbox at a time: each proves its own request, whatever becomes of the others.
import type { TableClient } from '@azure/data-tables';
import { describe, expect, test } from 'vitest';
import { Table } from '../../../shared/adapters/table-storage/table.ts';
import { TableMailboxRegistry } from '../../../shared/adapters/table-storage/table-mailbox-registry.ts';
import { TableProofs } from '../../../shared/adapters/table-storage/table-proofs.ts';
import { TableStatusLog } from '../../../shared/adapters/table-storage/table-status-log.ts';
import { enqueueSendRequest } from '../../../shared/usecases/accept/enqueue-send-request.ts';
import type { Context } from '../../../shared/usecases/context.ts';
import { changeOf } from '../../../shared/usecases/log/write-log.ts';
import { reconcileMailboxes } from '../../../shared/usecases/reconcile/reconcile-mailboxes.ts';
import { submitSendRequest } from '../../../shared/usecases/submit/submit-send-request.ts';
import { CountingTableClient } from '../../fakes/counting-table-client.ts';
import { firstDelivery } from '../../fakes/first-delivery.ts';
import { command, content, idOf, MAILBOX, MINUTE, Stage, unavailable } from './stage.ts';

const found = (stage: Stage) => stage.telemetry.named('foundInSentItems').map(({ sendRequestId }) => sendRequestId as string);
const statuses = (stage: Stage, ids: readonly string[]) => Promise.all(ids.map(async (id) => (await stage.record(id)).status));
const all = (status: string, ids: readonly string[]) => ids.map(() => status);

async function accepted(stage: Stage, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < count; n++) ids.push(await stage.post({ content: content(`mail ${n}`) }));
  await stage.deliverAll();
  stage.calls.length = 0;
  return ids;
}

describe('copies of one page', () => {
  test('are read and written together, and told one by one', async () => {
    const stage = new Stage();
    const ids = await accepted(stage, 30);
    await reconcileMailboxes(stage.context);
    expect(await statuses(stage, ids)).toEqual(all('sent', ids));
    expect(stage.calls.filter((call) => /^log\.(read|write)/.test(call))).toEqual(['log.readAll', 'log.writeAll']);
    expect(found(stage)).toEqual(ids);
  });

  test('of which the log has changed one meanwhile: that one is decided again, and all are sent', async () => {
    const stage = new Stage();
    const ids = await accepted(stage, 3);
    const [, second = ''] = ids;
    stage.before('log.writeAll', async () => {
      const stored = await stage.log.read(MAILBOX, second);
      if (stored) await stage.log.write(changeOf({ ...stored.value, copyLooks: 1 }, []), stored.etag);
    });
    await reconcileMailboxes(stage.context);
    expect(await stage.record(second)).toMatchObject({ status: 'sent', copyLooks: 1 });
    expect(await statuses(stage, ids)).toEqual(all('sent', ids));
    expect(found(stage)).toEqual(ids);
  });

  test('that another run reads at the same time are told once', async () => {
    const stage = new Stage();
    const ids = await accepted(stage, 3);
    stage.before('log.writeAll', () => reconcileMailboxes({ ...stage.anotherProcess(), log: stage.log }));
    await reconcileMailboxes(stage.context);
    expect(found(stage)).toEqual(ids);
    for (const id of ids) expect((await stage.events(id)).filter((type) => type === 'foundInSentItems')).toHaveLength(1);
  });

  test.each(['before', 'after'] as const)('if the log is out of reach %s their write, the next run reads the page again', async (when) => {
    const stage = new Stage();
    const ids = await accepted(stage, 3);
    let isDown = false;
    stage[when]('log.writeAll', () => {
      isDown = true;
      unavailable();
    });
    await reconcileMailboxes(stage.context);
    expect(isDown).toBe(true);
    expect((await stage.registry.list())[0]?.value.sentItemsDeltaLink).toBeUndefined();
    stage.clock.advance(MINUTE);
    await reconcileMailboxes(stage.context);
    expect(await statuses(stage, ids)).toEqual(all('sent', ids));
    for (const id of ids) expect((await stage.events(id)).filter((type) => type === 'foundInSentItems')).toHaveLength(1);
  });

  test('that name one request count once, and one without a mark does not take the request of another', async () => {
    const stage = new Stage();
    const own = { internetMessageId: '<own@contoso.com>' };
    const ids = [await stage.post(own), await stage.post({ ...own, content: content('other') })];
    await stage.deliverAll();
    const [first, second] = stage.graph.items;
    if (!first || !second) throw new Error('no copies');
    // The copy without a mark comes first, and could be the copy of either.
    delete first.mark;
    const twin = { ...second, id: `${second.id}-twin` };
    stage.graph.items.push(twin);
    await reconcileMailboxes(stage.context);
    const copies = await Promise.all(ids.map(async (id) => (await stage.record(id)).copyId));
    expect(copies).toEqual([first.id, second.id]);
    expect(found(stage).toSorted()).toEqual(ids.toSorted());
  });

  test('whose mark is of no request here cost no more than the one reading', async () => {
    const stage = new Stage();
    const [id = ''] = await accepted(stage, 1);
    const [copy] = stage.graph.items;
    if (!copy) throw new Error('no copy');
    for (let n = 0; n < 5; n++) stage.graph.items.push({ ...copy, id: `foreign-${n}`, mark: `${id.slice(0, -5)}${n}0000` });
    await reconcileMailboxes(stage.context);
    expect((await stage.record(id)).status).toBe('sent');
    expect(stage.calls.filter((call) => call === 'log.read' || call === 'log.withMessageId')).toEqual([]);
  });
});

/** Stores in one table, and processes that end at a write. */
class TableWorld {
  readonly stage = new Stage();
  readonly client = new CountingTableClient();
  /** Of the process that was started last. */
  writes = 0;
  hasEnded = false;

  process(ends?: { at: number; when: 'before' | 'after' }): Context {
    [this.writes, this.hasEnded] = [0, false];
    const table = new Table(async () => this.#watched(ends));
    const { clock } = this.stage;
    const log = new TableStatusLog(table, { clock });
    return {
      ...this.stage.anotherProcess(),
      log,
      registry: new TableMailboxRegistry(table, clock),
      proofs: new TableProofs(table, clock),
    };
  }

  async send(count: number): Promise<string[]> {
    const process = this.process();
    const ids: string[] = [];
    for (let n = 0; n < count; n++) ids.push(idOf(await enqueueSendRequest(process, command({ content: content(`mail ${n}`) }))));
    for (let queued = this.#take(); queued; queued = this.#take()) await submitSendRequest(process, queued.message, firstDelivery);
    return ids;
  }

  rows(): unknown[] {
    return this.client.partition(MAILBOX).between('', '\uffff');
  }

  #take() {
    return this.stage.queue.take(this.stage.now());
  }

  #watched(ends: { at: number; when: 'before' | 'after' } | undefined): TableClient {
    const end = () => {
      this.hasEnded = true;
      throw Object.assign(new Error('the process has ended'), { statusCode: 503 });
    };
    return new Proxy(this.client.asClient(), {
      get: (target, name) => {
        const member = Reflect.get(target, name) as ((...all: unknown[]) => unknown) | undefined;
        if (!member || !WRITES.includes(String(name))) return member?.bind(target);
        return async (...args: unknown[]) => {
          const isHere = ++this.writes === ends?.at;
          if (this.hasEnded || (isHere && ends?.when === 'before')) end();
          const result = await member.apply(target, args);
          if (isHere) end();
          return result;
        };
      },
    });
  }
}

const WRITES = ['submitTransaction', 'upsertEntity', 'updateEntity', 'deleteEntity'];

describe('a process that ends at any write of a visit', () => {
  const COPIES = 20;
  const EVENTS = ['draftPrepared', 'enqueued', 'foundInSentItems', 'submissionAccepted', 'submissionStarted'];

  /** A world in which the copies are there, and the first process to visit the mailbox ended so. */
  async function ended(ends?: { at: number; when: 'before' | 'after' }) {
    const world = new TableWorld();
    const ids = await world.send(COPIES);
    world.stage.clock.advance(MINUTE);
    await reconcileMailboxes(world.process(ends));
    return { world, ids };
  }

  test.each(['before', 'after'] as const)('%s it has its effect: the next run leaves what an undisturbed one leaves', async (when) => {
    const undisturbed = await ended();
    const { writes } = undisturbed.world;
    // The mark of the mailbox, two transactions, the proof, and the visit.
    expect(writes).toBe(5);
    await reconcileMailboxes(undisturbed.world.process());
    for (let at = 1; at <= writes; at++) {
      const { world, ids } = await ended({ at, when });
      expect(world.hasEnded).toBe(true);
      const process = world.process();
      const isSent = async (id: string) => (await process.log.read(MAILBOX, id))?.value.status === 'sent';
      const isPositionSaved = (await process.registry.list())[0]?.value.sentItemsDeltaLink !== undefined;
      const sent = await Promise.all(ids.map(isSent));
      // Both transactions, or one, or none; the position comes after them.
      expect(isPositionSaved || at > 3 ? [COPIES] : [0, 14, COPIES]).toContain(sent.filter(Boolean).length);
      await reconcileMailboxes(process);
      expect(await Promise.all(ids.map(isSent))).toEqual(ids.map(() => true));
      for (const id of ids) expect((await process.log.events(MAILBOX, id)).map(({ type }) => type).toSorted()).toEqual(EVENTS);
      expect(world.rows()).toHaveLength(undisturbed.world.rows().length);
      expect((await process.registry.list())[0]?.value.awaitsMore).toBe(false);
    }
  });
});
