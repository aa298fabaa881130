// Processes that change send requests, tell of it and die, on one table in memory; and an observer that sees only what the table has committed.
import type { TransactionAction } from '@azure/data-tables';
import { Table } from '../../shared/adapters/table-storage/table.ts';
import { TableOutbox } from '../../shared/adapters/table-storage/table-outbox.ts';
import { TableStatusLog } from '../../shared/adapters/table-storage/table-status-log.ts';
import { formOf } from '../../shared/composition/compose-events.ts';
import { type EventTypeRow, LIFECYCLE_CLOUD_EVENTS, STATE_CLOUD_EVENTS } from '../../shared/domain/log/cloud-event-types.ts';
import type { EventType } from '../../shared/domain/log/lifecycle.ts';
import type { SendRequestRecord } from '../../shared/domain/log/send-request.ts';
import { BackgroundPublisher } from '../../shared/usecases/events/background-publisher.ts';
import type { EventsContext } from '../../shared/usecases/events/publish-mailbox.ts';
import { TopicHealth } from '../../shared/usecases/events/topic-health.ts';
import { CountingTableClient } from '../fakes/counting-table-client.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { RecordingTelemetry } from '../fakes/recording-telemetry.ts';
import { SeededTopic } from '../fakes/seeded-topic.ts';

export type TableFault = 'none' | 'crashBefore' | 'crashAfter' | 'unavailable' | 'losesItsAnswer';

type Call = (...args: unknown[]) => Promise<unknown>;

const WRITES = ['submitTransaction', 'upsertEntity', 'deleteEntity'];

export class ToldWorld {
  readonly clock = new ManualClock();
  readonly topic = new SeededTopic();
  readonly telemetry = new RecordingTelemetry();
  readonly client = new CountingTableClient();
  readonly fired: Record<TableFault, number> = { none: 0, crashBefore: 0, crashAfter: 0, unavailable: 0, losesItsAnswer: 0 };
  /** What the next write of any process meets. */
  nextFault: () => TableFault = () => 'none';
  /** By send request and change, in order: the types that must be told, as the committed rows say. */
  readonly expected = new Map<string, string[][]>();
  readonly #states = new Map<string, { status: string; isOnQueue: boolean }>();

  /** `events`: false for a process without events. */
  newProcess({ events = true }: { events?: boolean } = {}) {
    const life = { ended: false };
    const table = new Table(async () => this.#watched(life));
    const outbox = new TableOutbox(table, this.clock);
    const context: EventsContext = {
      clock: this.clock,
      outbox,
      topic: new TopicHealth(this.clock, this.topic),
      telemetry: this.telemetry,
    };
    const background = new BackgroundPublisher(context);
    const form = formOf({ source: '/queue/one', data: 'minimal' });
    const failed = (error: unknown) => {
      throw error;
    };
    const telling = { form, outbox, told: (mailbox: string) => background.nudge(mailbox), failed };
    return { log: new TableStatusLog(table, { clock: this.clock, telling: events ? telling : undefined }), context, background, life };
  }

  /** The types that were told of a request, each where it came first, divided into changes as it is expected; the last has what is too much. */
  toldOf(id: string): string[][] {
    const events = this.topic.taken.filter(({ data }) => data['id'] === id);
    const first = [...new Map(events.map((event) => [event.id, event])).values()];
    const types = first.map(({ type }) => type.split('.').at(-1) as string);
    const changes = (this.expected.get(id) ?? []).map(({ length }) => types.splice(0, length));
    return types.length > 0 ? [...changes, types] : changes;
  }

  #watched(life: { ended: boolean }) {
    const client = this.client.asClient();
    return new Proxy(client, {
      get: (target, name) => {
        const member = Reflect.get(target, name) as unknown;
        if (typeof member !== 'function') return member;
        if (!WRITES.includes(String(name))) return member.bind(target) as unknown;
        return async (...args: unknown[]) => {
          const fault = this.nextFault();
          if (life.ended) throw new Error('the process is gone');
          this.fired[fault]++;
          life.ended = fault === 'crashBefore' || fault === 'crashAfter';
          if (fault === 'crashBefore') throw new Error('the process is gone');
          if (fault === 'unavailable') throw Object.assign(new Error('busy'), { statusCode: 503 });
          const result = await (member as Call).apply(target, args);
          if (name === 'submitTransaction') this.#observe(args[0] as TransactionAction[]);
          if (fault === 'crashAfter') throw new Error('the process is gone');
          if (fault === 'losesItsAnswer') throw Object.assign(new Error('reset'), { code: 'ECONNRESET' });
          return result;
        };
      },
    });
  }

  /** The rows of a transaction say what happened, whatever the outbox says. */
  #observe(actions: readonly TransactionAction[]): void {
    const rows = actions.filter(([kind]) => kind !== 'delete').map(([, row]) => row as Record<string, unknown> & { rowKey: string });
    for (const row of rows) if (row.rowKey.startsWith('r!')) this.#observeRecord(row, rows);
  }

  #observeRecord(row: Record<string, unknown>, rows: readonly (Record<string, unknown> & { rowKey: string })[]): void {
    const record = JSON.parse(String(row['record'])) as SendRequestRecord;
    const { id, status } = record;
    const before = this.#states.get(id) ?? { status: 'queued', isOnQueue: false };
    const isOnQueue = record.enqueued !== false && record.unconfirmed === undefined;
    const lines = rows.filter(({ rowKey }) => rowKey.startsWith(`d!${id}!e!`)).sort((a, b) => Number(a['place']) - Number(b['place']));
    const told: string[] = [];
    if (isOnQueue && !before.isOnQueue) told.push('Enqueued');
    for (const { type } of lines) {
      const own = type === 'enqueued' ? undefined : LIFECYCLE_CLOUD_EVENTS[type as EventType].type;
      if (own !== undefined) told.push(own);
    }
    // A report that two recipients failed leads from unaccounted through closed to failed, and each step is told.
    const failures = lines.filter(({ type }) => type === 'recipientFailed').length;
    if (before.status === 'unaccounted' && status === 'failed' && failures > 1) told.push('Closed');
    const { type }: EventTypeRow = STATE_CLOUD_EVENTS[status];
    if (status !== before.status && type !== undefined) told.push(type);
    this.expected.set(id, [...(this.expected.get(id) ?? []), told]);
    this.#states.set(id, { status, isOnQueue: isOnQueue || before.isOnQueue });
  }
}
