// A mailbox that sends by the limits in virtual time, and what its submissions came to in every window.

import { EMPTY_USAGE, type MailboxUsage } from '../../../shared/domain/limits/account.ts';
import type { MailboxLimits } from '../../../shared/domain/limits/limit-rules.ts';
import { askTurn, type CountedMail, type Reservation } from '../../../shared/domain/limits/mailbox-usage.ts';

export const START = Date.parse('2026-01-15T08:00:00.000Z');
export const SECOND = 1_000;
export const MINUTE = 60_000;
export const DAY = 86_400_000;
export const NEVER = START + 1_000 * DAY;

export interface Sent {
  at: number;
  recipients: number;
  urgent: boolean;
  application: string;
}

export interface Waiting {
  mail: CountedMail;
  due: number;
  asks: number;
}

/** Mails that come back when their time has come, each some time late. */
export class VirtualMailbox {
  usage: MailboxUsage = EMPTY_USAGE;
  limits: MailboxLimits;
  readonly sent: Sent[] = [];
  readonly waiting: Waiting[] = [];
  readonly tooLate: CountedMail[] = [];
  mostAsks = 0;

  constructor(limits: MailboxLimits) {
    this.limits = limits;
  }

  post(at: number, mail: Partial<CountedMail> = {}): void {
    this.waiting.push({ mail: { recipients: 1, urgent: false, application: 'app', ...mail }, due: at, asks: 0 });
  }

  /** Takes what is due, in the order of time. `lateness`: how much later than its time a mail is handled; `clock`: what the host's clock says then. */
  run(until: number, lateness: () => number = () => 0, clock: (now: number) => number = (now) => now): void {
    let now = 0;
    for (;;) {
      this.waiting.sort((a, b) => a.due - b.due);
      const next = this.waiting[0];
      if (!next || next.due > until) return;
      this.waiting.shift();
      now = Math.max(now, next.due + lateness());
      this.#ask(next, now, clock(now));
    }
  }

  #ask({ mail, asks }: Waiting, now: number, clock: number): void {
    this.mostAsks = Math.max(this.mostAsks, asks + 1);
    const turn = askTurn(this.usage, mail, this.limits, clock, NEVER);
    if (turn.kind === 'tooLate') {
      this.tooLate.push(mail);
      return;
    }
    this.usage = turn.usage;
    if (turn.kind === 'go') this.sent.push({ at: now, recipients: mail.recipients, urgent: mail.urgent, application: mail.application });
    else
      this.waiting.push({
        mail: { ...mail, reservation: turn.reservation as Reservation },
        due: turn.reservation.at + (now - clock),
        asks: asks + 1,
      });
  }
}

/** The most that any window of that length comes to. */
export function mostIn(sent: readonly Sent[], windowMs: number, of: (mail: Sent) => number): number {
  let [most, sum, first] = [0, 0, 0];
  const inOrder = [...sent].sort((a, b) => a.at - b.at);
  for (const mail of inOrder) {
    sum += of(mail);
    while ((inOrder[first] as Sent).at <= mail.at - windowMs) sum -= of(inOrder[first++] as Sent);
    most = Math.max(most, sum);
  }
  return most;
}

export const one = () => 1;
export const recipientsOf = ({ recipients }: Sent): number => recipients;
