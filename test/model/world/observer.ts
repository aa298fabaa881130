// Watches a run from outside, knows the truth, and says at once if the product breaks a promise.

import type { LimitRules } from '../../../shared/domain/limits/limit-rules.ts';
import type { SendRequestRecord } from '../../../shared/domain/log/send-request.ts';
import type { QueueMessage } from '../../../shared/domain/submit/queue-message.ts';
import type { GraphAnswer } from '../../../shared/ports/graph-mail.ts';
import type { Change, StoredRequest, WriteResult } from '../../../shared/ports/status-log.ts';
import { InMemoryStatusLog } from '../../fakes/in-memory-status-log.ts';
import { Claims } from './claims.ts';
import type { Exchange, Item } from './exchange.ts';
import type { Simulation } from './simulation.ts';

const CLAIMS_A_MAIL: readonly SendRequestRecord['status'][] = ['accepted', 'sent', 'closed', 'failed'];
const DENIES_A_MAIL: readonly SendRequestRecord['status'][] = ['rejected', 'expired', 'cancelled', 'deadLettered'];

export class Observer extends InMemoryStatusLog {
  readonly violations: string[] = [];
  readonly trace: string[] = [];
  /** The newest record of every request, by id. */
  readonly records = new Map<string, SendRequestRecord>();
  /** Ended unaccounted while nothing in the mailbox showed that the mail had gone out, whether or not it had. */
  readonly unseen = new Set<string>();
  readonly #claims: Claims;
  readonly #simulation: Simulation;
  readonly #exchange: Exchange;
  readonly #contents = new Map<string, string>();
  readonly #enqueued = new Map<string, string[]>();
  readonly #highestStep = new Map<string, number>();
  readonly #notBefore = new Map<string, number>();

  readonly #trustsRows: boolean;

  /** `trustsRows`: the product is shown each row as one of which the queue is known to have the request. */
  constructor(simulation: Simulation, exchange: Exchange, limits?: LimitRules, trustsRows = false) {
    super();
    this.#trustsRows = trustsRows;
    this.#claims = new Claims(limits);
    this.#simulation = simulation;
    this.#exchange = exchange;
  }

  note(text: string): void {
    this.trace.push(`${this.#simulation.iso().slice(11, 23)} ${text}`);
  }

  violation(text: string): void {
    this.note(`!!! ${text}`);
    this.violations.push(text);
  }

  transportedFor(label: string): number {
    return this.#exchange.transported.filter((item) => item.label === label).length;
  }

  override async read(mailbox: string, id: string): Promise<StoredRequest | undefined> {
    const stored = await super.read(mailbox, id);
    if (stored && this.#trustsRows) delete stored.value.unconfirmed;
    return stored;
  }

  override async create(change: Change): Promise<WriteResult> {
    return this.#written(change, await super.create(change));
  }

  override async write(change: Change, etag: string): Promise<WriteResult> {
    return this.#written(change, await super.write(change, etag));
  }

  onEnqueue(message: QueueMessage, notBefore: string | undefined, taken: boolean): void {
    const { id, step, contentHash, subject } = message;
    this.note(
      `queue ${subject} ${id.slice(-6)}/${step} at ${notBefore?.slice(11, 23) ?? 'once'}${taken ? '' : ' DUPLICATE'} knows ${message.known?.outcome ?? '-'}`,
    );
    if (subject !== undefined) this.#enqueued.set(subject, [...(this.#enqueued.get(subject) ?? []), id]);
    const before = this.#contents.get(id) ?? contentHash;
    if (before !== contentHash) this.violation(`${subject}: step ${step} carries other content`);
    this.#contents.set(id, contentHash);
    const highest = this.#highestStep.get(id) ?? -1;
    if (taken && step <= highest) this.violation(`${subject}: step ${step} after ${highest}`);
    this.#highestStep.set(id, Math.max(highest, step));
  }

  /** Whether a queue message of the mail is out that no row of the log withdraws. */
  isOut(label: string): boolean {
    return (this.#enqueued.get(label) ?? []).some((id) => this.records.get(id)?.status !== 'cancelled');
  }

  /** The queue has had a message of this send request. */
  wasEnqueued(id: string): boolean {
    return this.#highestStep.has(id);
  }

  /** What the queue and the log have of a mail. */
  traceOf(label: string): 'neither' | 'the row alone' | 'the queue message alone' | 'both' {
    const enqueued = this.#enqueued.get(label) ?? [];
    const isLogged = [...this.records.values()].some(({ subject }) => subject === label);
    if (enqueued.some((id) => !this.records.has(id))) return 'the queue message alone';
    if (enqueued.length > 0) return 'both';
    return isLogged ? 'the row alone' : 'neither';
  }

  /** What Graph was asked and answered; a refusal that names a time allows no submission of that request before. */
  onGraphCall(method: string, detail: string, answer: GraphAnswer<unknown>, item?: Pick<Item, 'label' | 'requestId'>): void {
    const routine = method === 'sentItemsDelta' || method === 'listReports';
    if (routine && answer.kind === 'answered' && answer.status === 200) return;
    const said = answer.kind === 'answered' ? `${answer.status} ${answer.code ?? ''}` : answer.kind;
    this.note(`graph ${method} ${item?.label ?? detail.slice(0, 40)}: ${said}`);
    if (!item || answer.kind !== 'answered' || answer.retryAfterMs === undefined) return;
    this.#notBefore.set(item.requestId, this.#simulation.now() + answer.retryAfterMs);
  }

  onTransport(item: Item): void {
    const { label } = item;
    this.note(`TRANSPORTED ${label} (${item.id})`);
    if (this.transportedFor(label) > 1) this.violation(`${label} was transported twice`);
    if (this.#simulation.now() < (this.#notBefore.get(item.requestId) ?? 0)) this.violation(`${label} was submitted before Retry-After`);
    const record = this.records.get(item.requestId);
    if (record && DENIES_A_MAIL.includes(record.status)) this.violation(`${label} is ${record.status} and was transported`);
  }

  /** What Exchange carries in Drafts looks like an unsent draft if its flag cannot be read, or lies. */
  #looksUnsent({ folder }: Item): boolean {
    const { submittedReadable, submittedDenied } = this.#exchange.tenant;
    return folder === 'drafts' && (!submittedReadable || submittedDenied === true);
  }

  #written(change: Change, result: WriteResult): WriteResult {
    const { record, events } = change;
    const label = record.subject ?? '';
    const what = events.map(({ type, detail }) => `${type}${detail ? ` (${detail})` : ''}`).join(', ');
    this.note(
      `log ${label} ${record.id.slice(-6)} ${result.kind}: ${record.status} step ${record.step} attempts ${record.attempts}: ${what}`,
    );
    if (result.kind !== 'written') return result;
    if (events.some(({ type }) => type === 'submissionStarted'))
      for (const broken of this.#claims.add(record, this.#simulation.now())) this.violation(`${label}: ${broken}`);
    const before = this.records.get(record.id);
    if (before && before.step > record.step) this.violation(`${label}: step falls from ${before.step} to ${record.step}`);
    this.records.set(record.id, structuredClone(record));
    const transported = this.#exchange.transported.filter((item) => item.requestId === record.id);
    if (CLAIMS_A_MAIL.includes(record.status) && transported.length === 0)
      this.violation(`${label} is ${record.status} and was never transported`);
    if (DENIES_A_MAIL.includes(record.status) && transported.length > 0) this.violation(`${label} is ${record.status} and was transported`);
    if (record.status === 'unaccounted' && before?.status !== 'unaccounted' && transported.every((item) => this.#looksUnsent(item)))
      this.unseen.add(record.id);
    if (record.status === 'sent' && !transported.some((item) => item.folder === 'sentItems'))
      this.violation(`${label} is sent and has no copy in Sent Items`);
    return result;
  }
}
