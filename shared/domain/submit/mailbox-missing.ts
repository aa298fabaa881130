// A mailbox that does not exist: how long Graph must say so before we believe it, and the message for people.
import type { SendRequestRecord } from '../log/send-request.ts';
import type { Answer } from './outcome-rule.ts';

/** Whether every answer to an attempt has said so for at least `missingAfterMs`, and the newest at `now` (RFC 3339). */
export const isMissingForLong = ({ mailboxMissingSince }: SendRequestRecord, now: string, missingAfterMs: number): boolean =>
  mailboxMissingSince !== undefined && Date.parse(now) - Date.parse(mailboxMissingSince) >= missingAfterMs;

/** What the caller, or an operator, can do. `said` is Graph's status and code. */
export const whyMissing = (mailbox: string, said: string): string =>
  `Graph finds no mailbox ${mailbox} (${said}). Either its name is misspelt, or it has no licence, or it was created less than a quarter of an hour ago.`;

/** Graph's status and code. */
export const answerInWords = (answer: Extract<Answer, { kind: 'answered' }>): string =>
  `${answer.status}${answer.code ? ` ${answer.code}` : ''}`;
