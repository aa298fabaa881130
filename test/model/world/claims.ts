// Every claim of a run: never more than a limit in any window, whatever dies or is late.
import type { LimitRules } from '../../../shared/domain/limits/limit-rules.ts';
import type { SendRequestRecord } from '../../../shared/domain/log/send-request.ts';

interface Claimed {
  mailbox: string;
  at: number;
  recipients: number;
}

const MINUTE = 60_000;
const DAY = 86_400_000;

export class Claims {
  readonly #limits: LimitRules | undefined;
  readonly #claims: Claimed[] = [];

  constructor(limits: LimitRules | undefined) {
    this.#limits = limits;
  }

  /** What the claim breaks. A claim that makes no submission counts too: a crash may follow. */
  add({ mailbox, recipientCounts }: SendRequestRecord, at: number): string[] {
    if (!this.#limits) return [];
    this.#claims.push({ mailbox, at, recipients: recipientCounts.total });
    const { messagesPerMinute, recipientsPerDay, tenantExternalRecipientsPerDay = Number.POSITIVE_INFINITY } = this.#limits;
    const within = (windowMs: number) => this.#claims.filter((claim) => claim.at > at - windowMs);
    const own = (windowMs: number) => within(windowMs).filter((claim) => claim.mailbox === mailbox);
    const sum = (claims: Claimed[]) => claims.reduce((total, { recipients }) => total + recipients, 0);
    return [
      ...(own(MINUTE).length > messagesPerMinute ? [`claim ${own(MINUTE).length} of its mailbox in a minute`] : []),
      ...(sum(own(DAY)) > recipientsPerDay ? [`recipient ${sum(own(DAY))} of its mailbox in a day`] : []),
      ...(sum(within(DAY)) > tenantExternalRecipientsPerDay ? [`recipient ${sum(within(DAY))} of the tenant in a day`] : []),
    ];
  }
}
