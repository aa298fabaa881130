// A mailbox that Graph doesn't let us read now: this run leaves it, and never stops for the others.
import { describeAnswer } from '../../domain/submit/outcome-rule.ts';
import type { GraphAnswer } from '../../ports/graph-mail.ts';

export class MailboxUnreadable extends Error {
  override name = 'MailboxUnreadable';
  constructor(what: string, answer: GraphAnswer<unknown>) {
    super(`${what}: ${describeAnswer(answer)}`);
  }
}
