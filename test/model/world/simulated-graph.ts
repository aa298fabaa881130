// Graph's mail API over the simulated Exchange: slow, sometimes silent, and not always telling the truth.
import type { MailboxCopy } from '../../../shared/domain/copies.ts';
import type {
  CallContext,
  DeltaPage,
  DraftCreated,
  GraphAnswer,
  GraphMail,
  Payload,
  ReportPage,
} from '../../../shared/ports/graph-mail.ts';
import type { Exchange, Item, Lags } from './exchange.ts';
import type { Faults, GraphPlan } from './faults.ts';
import { passed } from './gate.ts';
import type { HostProcess } from './host-process.ts';
import type { Simulation } from './simulation.ts';

export interface GraphWorld {
  simulation: Simulation;
  exchange: Exchange;
  faults: Faults;
  /** Lags never exceed this: a copy shows up within the grace. */
  longestLagMs: number;
  /** A mail that Graph refuses for good. */
  isRefused: (label: string) => boolean;
  onCall: (method: string, detail: string, answer: GraphAnswer<unknown>, item?: Item) => void;
}

const notFound = { kind: 'answered', status: 404, code: 'ErrorItemNotFound' } as const;
const refused = { kind: 'answered', status: 400, code: 'ErrorInvalidRecipients', message: 'At least one recipient is not valid.' } as const;
const NO_ANSWER = { kind: 'noAnswer', reason: 'timed out' } as const;

interface Done<T> {
  answer: GraphAnswer<T>;
  item?: Item;
}

export class SimulatedGraph implements GraphMail {
  readonly #world: GraphWorld;
  readonly #process: HostProcess;

  constructor(world: GraphWorld, process: HostProcess) {
    this.#world = world;
    this.#process = process;
  }

  submit(context: CallContext, path: string, payload: Payload): Promise<GraphAnswer> {
    return this.#call<undefined>('submit', context, path, () => {
      const { exchange } = this.#world;
      const lags = this.#lags();
      const item = exchange.create(context.mailbox, payload, lags);
      if (this.#world.isRefused(item.label)) {
        item.removed = true;
        return { answer: refused, item };
      }
      exchange.submit(item, lags);
      return { answer: { kind: 'answered', status: 202 }, item };
    });
  }

  createDraft(context: CallContext, path: string, payload: Payload): Promise<GraphAnswer<DraftCreated>> {
    return this.#call<DraftCreated>('createDraft', context, path, () => {
      const item = this.#world.exchange.create(context.mailbox, payload, this.#lags());
      const { id, internetMessageId } = item;
      return { answer: { kind: 'answered', status: 201, body: { id, internetMessageId } }, item };
    });
  }

  sendDraft(context: CallContext, draftId: string): Promise<GraphAnswer> {
    return this.#call<undefined>('sendDraft', context, draftId, () => {
      const item = this.#world.exchange.byId(context.mailbox, draftId);
      if (item?.folder !== 'drafts') return { answer: notFound };
      if (item.submitted) return { answer: { kind: 'answered', status: 412, code: 'ErrorIrresolvableConflict' }, item };
      if (this.#world.isRefused(item.label)) return { answer: refused, item };
      this.#world.exchange.submit(item, this.#lags());
      return { answer: { kind: 'answered', status: 202 }, item };
    });
  }

  getCopy(context: CallContext, id: string): Promise<GraphAnswer<MailboxCopy>> {
    return this.#call('getCopy', context, id, () => {
      const item = this.#world.exchange.byId(context.mailbox, id);
      return item ? { answer: { kind: 'answered', status: 200, body: this.#world.exchange.copyOf(item) } } : { answer: notFound };
    });
  }

  findByMark(context: CallContext, sendRequestId: string): Promise<GraphAnswer<MailboxCopy[]>> {
    return this.#call('findByMark', context, sendRequestId, () =>
      this.#list(this.#world.exchange.search(context.mailbox, ({ mark }) => mark === sendRequestId)),
    );
  }

  findByMessageId(context: CallContext, internetMessageId: string): Promise<GraphAnswer<MailboxCopy[]>> {
    return this.#call('findByMessageId', context, internetMessageId, () =>
      this.#list(this.#world.exchange.withMessageId(context.mailbox, internetMessageId)),
    );
  }

  sentItemsDelta(context: CallContext, from: { link: string } | { since: string }): Promise<GraphAnswer<DeltaPage>> {
    return this.#call<DeltaPage>('sentItemsDelta', context, '', () => {
      const { exchange } = this.#world;
      const version = 'link' in from ? Number(from.link) : 0;
      const items = exchange.sentSince(context.mailbox, version);
      const copies = items.map((item) => ({ ...exchange.copyOf(item), ...(item.removed && { removed: true }) }));
      const deltaLink = String(items.at(-1)?.version ?? version);
      return { answer: { kind: 'answered', status: 200, body: { copies, deltaLink } } };
    });
  }

  listReports(context: CallContext, from: { link: string } | { since: string }): Promise<GraphAnswer<ReportPage>> {
    return this.#call<ReportPage>('listReports', context, '', () => {
      const since = 'since' in from ? from.since : '';
      const found = this.#world.exchange.search(context.mailbox, (item) => item.folder === 'inbox' && item.createdDateTime >= since);
      const items = found.map(({ id, itemClass, createdDateTime }) => ({
        id,
        receivedDateTime: createdDateTime,
        ...(itemClass !== undefined && { itemClass }),
      }));
      return { answer: { kind: 'answered', status: 200, body: { items } } };
    });
  }

  getMime(context: CallContext, id: string): Promise<GraphAnswer<Uint8Array>> {
    return this.#call('getMime', context, id, () => {
      const mime = this.#world.exchange.byId(context.mailbox, id)?.mime;
      return mime ? { answer: { kind: 'answered', status: 200, body: mime } } : { answer: notFound };
    });
  }

  remove(context: CallContext, id: string): Promise<GraphAnswer> {
    return this.#call<undefined>('remove', context, id, () => {
      const item = this.#world.exchange.byId(context.mailbox, id);
      if (!item) return { answer: notFound };
      item.removed = true;
      return { answer: { kind: 'answered', status: 204 }, item };
    });
  }

  dropToken(): void {}

  #list<T extends Item>(items: T[]): Done<MailboxCopy[]> {
    return { answer: { kind: 'answered', status: 200, body: items.map((item) => this.#world.exchange.copyOf(item)) } };
  }

  #lags(): Lags {
    const { faults, longestLagMs } = this.#world;
    const visible = faults.pick([0, 500, 3_000, 60_000, longestLagMs]);
    const moved = Math.max(visible, faults.pick([500, 2_000, 30_000, 150_000, longestLagMs]));
    return { visible, moved };
  }

  /** The answer, or none once `timeoutMs` is over: then nobody knows whether the call had its effect. */
  async #call<T>(method: string, { timeoutMs }: CallContext, detail: string, act: () => Done<T>): Promise<GraphAnswer<T>> {
    const { simulation, faults, onCall } = this.#world;
    const process = this.#process;
    simulation.activity++;
    if (!process.alive) await process.never();
    const plan: GraphPlan = faults.graph(method);
    const reaches = plan.before < timeoutMs;
    await passed(process, Math.min(plan.before, timeoutMs), plan.crash === 'before');
    const done = reaches && (plan.lie?.taken ?? true) ? act() : undefined;
    const inTime = plan.before + plan.after < timeoutMs;
    const answer = inTime ? ((plan.lie?.answer as GraphAnswer<T> | undefined) ?? done?.answer ?? NO_ANSWER) : NO_ANSWER;
    onCall(method, detail, answer, done?.item);
    await passed(process, inTime ? plan.after : 0, plan.crash === 'after');
    await process.pause(plan.stall, method === 'getMime');
    return answer;
  }
}
