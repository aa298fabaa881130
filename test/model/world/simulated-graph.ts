// Graph's mail API over the simulated Exchange: slow, sometimes silent, and not always telling the truth.
import type { MailboxCopy } from '../../../shared/domain/doubt/copies.ts';
import type {
  CallContext,
  DeltaPage,
  DraftCreated,
  GraphAnswer,
  GraphMail,
  Payload,
  ReportPage,
  UploadSession,
} from '../../../shared/ports/graph-mail.ts';
import { identityOf } from '../../fakes/mail-identity.ts';
import type { Exchange, Item, Lags, Tenant } from './exchange.ts';
import type { Faults, GraphPlan } from './faults.ts';
import { passed } from './gate.ts';
import type { HostProcess } from './host-process.ts';
import type { Simulation } from './simulation.ts';

/** Which mail a call is about, known before the call has any effect. */
type MailOfCall = Pick<Item, 'label' | 'requestId'>;

export interface GraphWorld {
  simulation: Simulation;
  exchange: Exchange;
  faults: Faults;
  /** Lags never exceed this: a copy shows up within the grace. */
  longestLagMs: number;
  /** A mail that Graph refuses for good. */
  isRefused: (label: string) => boolean;
  /** Whether a refusal may hide that this mail was taken: its copy shows up at once then. */
  mayHide: (label: string) => boolean;
  observer: { onGraphCall(method: string, detail: string, answer: GraphAnswer<unknown>, mail?: MailOfCall): void };
}

const notFound = { kind: 'answered', status: 404, code: 'ErrorItemNotFound' } as const;
const refused = { kind: 'answered', status: 400, code: 'ErrorInvalidRecipients', message: 'At least one recipient is not valid.' } as const;
const changed = { kind: 'answered', status: 412, code: 'ErrorIrresolvableConflict' } as const;
/** Throttled, the mail waits outside of doubt: long enough for a cancellation, or the end of its lifetime. */
const SECOND_SENDS = [changed, { kind: 'answered', status: 429, code: 'ApplicationThrottled', retryAfterMs: 120_000 }] as const;
const AT_ONCE: Lags = { visible: 0, moved: 0 };
/** Exchange carries mail over 30 a minute in Drafts: longer than any grace. */
const CARRIED_MS = 1_200_000;
const flagsOf = ({ submittedReadable, submittedDenied }: Tenant): string =>
  submittedReadable ? (submittedDenied ? 'wrong' : 'readable') : 'unreadable';

const NO_ANSWER = { kind: 'noAnswer', reason: 'timed out' } as const;

const mailOf = (payload: Payload): MailOfCall => {
  const { subject, mark } = identityOf(payload);
  return { label: subject ?? '', requestId: mark ?? '' };
};

export class SimulatedGraph implements GraphMail {
  readonly #world: GraphWorld;
  readonly #process: HostProcess;

  constructor(world: GraphWorld, process: HostProcess) {
    this.#world = world;
    this.#process = process;
  }

  submit(context: CallContext, path: string, payload: Payload): Promise<GraphAnswer> {
    const { exchange } = this.#world;
    const mail = mailOf(payload);
    const act = (lags: Lags, leftUnsent: boolean): GraphAnswer => {
      if (this.#world.isRefused(mail.label)) return refused;
      const item = exchange.create(context.mailbox, payload, lags);
      if (!leftUnsent) exchange.submit(item, lags);
      return { kind: 'answered', status: 202 };
    };
    return this.#call('submit', context, path, act, mail);
  }

  createDraft(context: CallContext, path: string, payload: Payload): Promise<GraphAnswer<DraftCreated>> {
    const act = (lags: Lags): GraphAnswer<DraftCreated> => {
      const { id, internetMessageId } = this.#world.exchange.create(context.mailbox, payload, lags);
      return { kind: 'answered', status: 201, body: { id, internetMessageId } };
    };
    return this.#call('createDraft', context, path, act, mailOf(payload));
  }

  sendDraft(context: CallContext, draftId: string): Promise<GraphAnswer> {
    const { exchange, faults } = this.#world;
    const act = (lags: Lags): GraphAnswer => {
      const item = exchange.byId(context.mailbox, draftId);
      if (item?.folder !== 'drafts') return notFound;
      if (item.submitted) {
        faults.count('second send of a mail that went out');
        return faults.active ? faults.pick(SECOND_SENDS) : changed;
      }
      if (this.#world.isRefused(item.label)) return refused;
      exchange.submit(item, lags);
      return { kind: 'answered', status: 202 };
    };
    return this.#call('sendDraft', context, draftId, act, exchange.byId(context.mailbox, draftId));
  }

  /** The mails of the model are small: what completes a draft is never needed. */
  addAttachment(): Promise<GraphAnswer> {
    return Promise.resolve(notFound);
  }

  createUploadSession(): Promise<GraphAnswer<UploadSession>> {
    return Promise.resolve(notFound);
  }

  uploadRange(): Promise<GraphAnswer> {
    return Promise.resolve(notFound);
  }

  uploadPosition(): Promise<GraphAnswer<number>> {
    return Promise.resolve(notFound);
  }

  updateDraft(): Promise<GraphAnswer> {
    return Promise.resolve(notFound);
  }

  getWholeMime(): Promise<GraphAnswer<Uint8Array>> {
    return Promise.resolve(notFound);
  }

  getMessage(): Promise<GraphAnswer<Record<string, unknown>>> {
    return Promise.resolve(notFound);
  }

  getCopy(context: CallContext, id: string): Promise<GraphAnswer<MailboxCopy>> {
    return this.#call('getCopy', context, id, () => {
      const item = this.#world.exchange.byId(context.mailbox, id);
      return item ? { kind: 'answered', status: 200, body: this.#world.exchange.copyOf(item) } : notFound;
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
      return { kind: 'answered', status: 200, body: { copies, deltaLink } };
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
      return { kind: 'answered', status: 200, body: { items } };
    });
  }

  getMime(context: CallContext, id: string): Promise<GraphAnswer<Uint8Array>> {
    return this.#call('getMime', context, id, () => {
      const mime = this.#world.exchange.byId(context.mailbox, id)?.mime;
      return mime ? { kind: 'answered', status: 200, body: mime } : notFound;
    });
  }

  remove(context: CallContext, id: string): Promise<GraphAnswer> {
    return this.#call<undefined>('remove', context, id, () => {
      const item = this.#world.exchange.byId(context.mailbox, id);
      if (!item) return notFound;
      item.removed = true;
      return { kind: 'answered', status: 204 };
    });
  }

  #list(items: Item[]): GraphAnswer<MailboxCopy[]> {
    return { kind: 'answered', status: 200, body: items.map((item) => this.#world.exchange.copyOf(item)) };
  }

  #lags(): Lags {
    const { faults, longestLagMs, exchange } = this.#world;
    const visible = faults.pick([0, 500, 3_000, 60_000, longestLagMs]);
    const moved = Math.max(visible, faults.pick([500, 2_000, 30_000, 150_000, longestLagMs, CARRIED_MS]));
    if (moved === CARRIED_MS) faults.count(`carried in Drafts, flags ${flagsOf(exchange.tenant)}`);
    return { visible, moved };
  }

  /** The answer, or none once `timeoutMs` is over: then nobody knows whether the call had its effect. */
  async #call<T>(
    method: string,
    { timeoutMs }: CallContext,
    detail: string,
    act: (lags: Lags, leftUnsent: boolean) => GraphAnswer<T>,
    mail?: MailOfCall,
  ): Promise<GraphAnswer<T>> {
    const { simulation, faults, observer, exchange } = this.#world;
    const process = this.#process;
    simulation.activity++;
    if (!process.alive) await process.never();
    const plan: GraphPlan = faults.graph(method);
    const reaches = plan.before < timeoutMs;
    await passed(process, Math.min(plan.before, timeoutMs), plan.crash === 'before');
    const hides = plan.lie?.hidesMail === true && mail !== undefined && this.#world.mayHide(mail.label);
    // If mfSubmitted cannot be read, nothing tells an unsent draft from a mail that Exchange carries: an operator is told.
    const leftUnsent = plan.lie?.leftUnsent === true && exchange.tenant.submittedReadable;
    if (leftUnsent && reaches) faults.count('unsent draft');
    const done = reaches && (hides || (plan.lie?.taken ?? true)) ? act(hides ? AT_ONCE : this.#lags(), leftUnsent) : undefined;
    const inTime = plan.before + plan.after < timeoutMs;
    const answer = inTime ? ((plan.lie?.answer as GraphAnswer<T> | undefined) ?? done ?? NO_ANSWER) : NO_ANSWER;
    observer.onGraphCall(method, detail, answer, mail);
    await passed(process, inTime ? plan.after : 0, plan.crash === 'after');
    if (plan.stall > 0) process.freeze(plan.stall);
    await process.pause(plan.stall, method === 'getMime');
    return answer;
  }
}
