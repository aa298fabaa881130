// Graph does not let us read a mailbox now: this run skips it and goes on with the others.
import type { GraphAnswer } from '../../ports/graph-mail.ts';

export class MailboxUnreadable extends Error {
  override name = 'MailboxUnreadable';
  constructor(what: string, answer: GraphAnswer<unknown>) {
    const why = answer.kind === 'answered' ? `${answer.status} ${answer.code ?? ''}` : answer.reason;
    super(`${what}: ${why}`.trim());
  }
}
