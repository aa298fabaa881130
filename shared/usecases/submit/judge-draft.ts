// The sender policy decides on a draft that the HTTP API has not seen, right before its `/send`: on its From and its recipients.
import { authorsProblem, recipientsProblem } from '../../domain/accept/later-decision.ts';
import { isAddress } from '../../domain/address/address.ts';
import type { SendRequestRecord } from '../../domain/log/send-request.ts';
import type { Answer } from '../../domain/submit/outcome-rule.ts';
import type { DraftCreated } from '../../ports/graph-mail.ts';
import { PolicyUnavailable } from '../accept/current-policy.ts';
import type { Context } from '../context.ts';

/** The mailbox may be known here by its object id alone: then the From that Exchange gave a draft of ours cannot be distinguished from the mailbox's own. */
function authorsToJudge({ operation, mailbox }: SendRequestRecord, { from, sender }: DraftCreated, isOurs: boolean): string[] {
  if (operation !== 'send' || (isOurs && !isAddress(mailbox))) return [];
  return [from, sender].filter((address) => address !== undefined);
}

/** Graph's words for it: the mail can never go out as it is. Undefined if it may, or if everything is allowed. */
export async function draftRefusal(
  { policy }: Pick<Context, 'policy'>,
  record: SendRequestRecord,
  draft: DraftCreated,
  isOurs: boolean,
): Promise<Answer | undefined> {
  if (!policy) return undefined;
  try {
    const rules = await policy.get();
    const foreign = authorsProblem(rules, record, authorsToJudge(record, draft, isOurs));
    if (foreign) return { kind: 'answered', status: 403, code: foreign.code, message: foreign.message };
    const problem = recipientsProblem(rules, record, draft.recipients ?? []);
    return problem && { kind: 'answered', status: 400, code: 'ErrorInvalidRecipients', message: problem.message };
  } catch (error) {
    if (!(error instanceof PolicyUnavailable)) throw error;
    return { kind: 'notSent', reason: error.message };
  }
}
