// A mailbox that Graph doesn't let us read now: this run leaves it, and never stops for the others.
import type { GraphAnswer } from '../../ports/graph-mail.ts';

export class MailboxUnreadable extends Error {
  override name = 'MailboxUnreadable';
  constructor(what: string, answer: GraphAnswer<unknown>) {
    const why = answer.kind === 'answered' ? `${answer.status} ${answer.code ?? ''}` : answer.reason;
    super(`${what}: ${why}`.trim());
  }
}
