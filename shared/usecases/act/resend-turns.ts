// Mails that are sent again take turns: each is in memory with its content, and a mailbox takes few calls at a time.
import pLimit, { type LimitFunction } from 'p-limit';

/** Graph takes four calls at a time for a mailbox (https://learn.microsoft.com/graph/throttling-limits), and the worker has up to three lanes. */
const AT_A_TIME = 2;

export type ResendTurns = LimitFunction;

export const resendTurns = (): ResendTurns => pLimit(AT_A_TIME);
