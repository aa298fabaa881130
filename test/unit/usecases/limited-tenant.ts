// A tenant of twenty mailboxes on three instances, whose Exchange counts external mail of the last 24 hours and returns what is beyond its limit.

import type { AccountPause } from '../../../shared/domain/act/account-pause.ts';
import { TENANT } from '../../../shared/domain/act/account-pause.ts';
import type { SendRequestRecord } from '../../../shared/domain/log/send-request.ts';
import type { EnqueueCommand } from '../../../shared/usecases/accept/enqueue-command.ts';
import type { Context } from '../../../shared/usecases/context.ts';
import { reconcileMailboxes } from '../../../shared/usecases/reconcile/reconcile-mailboxes.ts';
import { NDR, report } from './reported.ts';
import { HOUR, MINUTE, Stage, type StageOptions } from './stage.ts';

export const EXTERNAL = [{ address: 'person@example.com', type: 'to' as const }];
export const INTERNAL = [{ address: 'colleague@contoso.com', type: 'to' as const }];
export const box = (n: number): string => `m${n % 20}@contoso.com`;

export class LimitedTenant {
  readonly stage: Stage;
  readonly instances: Context[];
  limit: number;
  /** What each posted mail is, by its id. */
  readonly posted = new Map<string, { mailbox: string; isExternal: boolean }>();
  /** Mails that Exchange took. */
  readonly counted: { id: string; at: number }[] = [];
  /** Ids of mails that it took and returned. */
  readonly returned: string[] = [];
  readonly #code: string;
  #seen = 0;

  constructor({ limit = 0, code = '5.7.233', ...options }: StageOptions & { limit?: number; code?: string } = {}) {
    this.stage = new Stage(options);
    this.instances = [this.stage.context, this.stage.anotherProcess(), this.stage.anotherProcess()];
    this.limit = limit;
    this.#code = code;
  }

  async post(mailbox: string, recipients = EXTERNAL, more: Partial<EnqueueCommand> = {}): Promise<string> {
    const id = await this.stage.post({ mailbox, recipients, ...more });
    this.posted.set(id, { mailbox, isExternal: recipients === EXTERNAL });
    return id;
  }

  async record(id: string): Promise<SendRequestRecord> {
    const stored = await this.stage.log.read(this.posted.get(id)?.mailbox ?? '', id);
    if (!stored) throw new Error(`${id} is not in the log`);
    return stored.value;
  }

  get submitted(): number {
    return this.stage.graph.submissions.length;
  }

  get probes() {
    return this.stage.telemetry.named('accountProbed');
  }

  pause(): Promise<AccountPause | undefined> {
    return this.stage.accountPauses.current(TENANT);
  }

  /** Time goes on, and the queue messages go to the instances in turn. */
  async pass(minutes: number, step = 1): Promise<void> {
    const { stage, instances } = this;
    for (let minute = 0; minute < minutes; minute += step) {
      stage.clock.advance(step * MINUTE);
      for (let n = 0; stage.queue.queued.some(({ notBefore }) => (notBefore ?? '') <= stage.now()); n++) {
        await stage.deliver(instances[n % instances.length]);
      }
      this.#transport();
      await reconcileMailboxes(stage.context);
    }
  }

  #transport(): void {
    const { graph, clock } = this.stage;
    const now = clock.now();
    for (const { mark: id = '', mailbox, internetMessageId } of graph.submissions.slice(this.#seen)) {
      if (this.#code !== '5.7.705' && !this.posted.get(id)?.isExternal) continue;
      if (this.counted.filter(({ at }) => at > now - 24 * HOUR).length < this.limit) {
        this.counted.push({ id, at: now });
        continue;
      }
      this.returned.push(id);
      const refused = `Final-Recipient: rfc822;person@example.com\nAction: failed\nStatus: ${this.#code}\n`;
      graph.receive(mailbox, { mime: report(internetMessageId, [refused]), looksLikeReport: true, itemClass: NDR });
    }
    this.#seen = graph.submissions.length;
  }
}

/** One mail of one mailbox has found out that the tenant is over its limit, and was returned. */
export async function overLimit(options: StageOptions & { code?: string } = {}): Promise<{ tenant: LimitedTenant; first: string }> {
  const tenant = new LimitedTenant(options);
  const first = await tenant.post(box(0));
  await tenant.pass(1);
  return { tenant, first };
}
