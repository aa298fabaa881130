// The input and the result of a verification: questions that nobody has answered for this tenant yet, and the answers.
import type { Chance, Clock } from '../../shared/ports/clock.ts';
import type { GraphMail } from '../../shared/ports/graph-mail.ts';
import type { GraphProbe } from '../../shared/ports/graph-probe.ts';
import type { Proofs } from '../../shared/ports/proofs.ts';
import { guidOf } from '../../shared/usecases/context.ts';

export interface Tools {
  graph: GraphMail;
  probe: GraphProbe;
  clock: Clock;
  chance: Chance;
  sleep: (milliseconds: number) => Promise<void>;
  /** If the status log can be reached, the proof of marks that are found is stored there. */
  proofs?: Proofs;
}

export interface Order {
  mailbox: string;
  /** An address that cannot exist. */
  unknown: string;
  /** How long to wait for copies, arrivals and reports. */
  patienceMs: number;
  pollMs: number;
  /** Leaves the mails of the verification in the mailbox. */
  keep: boolean;
}

export type FindingVerdict = 'yes' | 'no' | 'unknown';

export interface Finding {
  id: string;
  question: string;
  verdict: FindingVerdict;
  detail: string;
  /** The queue assumes "yes". This is what it does if the answer is "no". */
  otherwise?: string;
}

export interface Verification {
  findings: Finding[];
  /** The longest time that a copy took to be seen; undefined if one was never seen. */
  longestLagMs: number | undefined;
  recommendedGraceMs: number | undefined;
  /** Formats whose mails were found by a mark. */
  proven: ('json' | 'mime')[];
  /** Every assumption of the queue holds. */
  holds: boolean;
}

const MINUTE = 60_000;

/** Three times the longest lag, in whole minutes, and never less than the default. */
export const recommendedGrace = (lagMs: number): number => Math.max(5, Math.ceil((3 * lagMs) / MINUTE)) * MINUTE;

export const finding = (id: string, question: string, verdict: FindingVerdict | boolean, detail: string, otherwise?: string): Finding => ({
  id,
  question,
  verdict: typeof verdict === 'boolean' ? (verdict ? 'yes' : 'no') : verdict,
  detail,
  ...(otherwise !== undefined && { otherwise }),
});

/** A call context of the queue's own Graph client. */
export const callOf = (tools: Tools, mailbox: string) => ({ mailbox, clientRequestId: guidOf(tools), timeoutMs: 100_000 });

export const userPath = (mailbox: string, rest: string): string => `users/${encodeURIComponent(mailbox)}/${rest}`;
