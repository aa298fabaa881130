// Which recipients of a mail are suppressed, and what then happens to the mail.
import { actualRecipients } from '../../domain/accept/redirect.ts';
import { type SuppressedRecipients, type Suppression, suppressedProblem } from '../../domain/accept/suppression.ts';
import type { Problem } from '../../domain/content/problem.ts';
import type { Recipient } from '../../domain/log/send-request.ts';
import { unlessOutOfReach } from '../../ports/store-unavailable.ts';
import type { Context } from '../context.ts';
import { PolicyUnavailable } from './current-policy.ts';
import type { EnqueueCommand } from './enqueue-command.ts';

type Suppressing = Pick<Context, 'rules' | 'suppressions'>;
type Mail = { recipients: readonly Pick<Recipient, 'address'>[]; redirectedTo?: string };

/** Of those that get the mail. Nothing is read if SUPPRESSION is off. Throws StoreUnavailable. */
export async function suppressedRecipients({ rules, suppressions }: Suppressing, mail: Mail): Promise<Suppression[]> {
  if (rules.suppressionExpiryMs === undefined || mail.recipients.length === 0) return [];
  return suppressions.find(actualRecipients(mail, rules.nonProduction));
}

/** What the sender policy says of the application. If it says nothing, or cannot be read now: the mail is refused. */
async function actionFor({ policy }: Pick<Context, 'policy'>, application: string): Promise<SuppressedRecipients> {
  try {
    const rule = (await policy?.get())?.applications.get(application.toLowerCase())?.rule;
    return rule?.suppressedRecipients ?? 'refuse';
  } catch (error) {
    if (error instanceof PolicyUnavailable) return 'refuse';
    throw error;
  }
}

/** `hold`: the mail is accepted and waits. The list is advice: if it is out of reach, the mail goes out. */
export async function judgeSuppressed(
  context: Suppressing & Pick<Context, 'telemetry' | 'policy'>,
  command: EnqueueCommand,
): Promise<'goes' | 'hold' | Problem> {
  const { application, mailbox } = command;
  const found = await unlessOutOfReach(
    () => suppressedRecipients(context, command),
    ({ message }) => {
      context.telemetry.event('suppressionsUnreadable', { mailbox, reason: message });
      return [];
    },
  );
  const [first] = found;
  const action = first && (await actionFor(context, application));
  if (!first || action === 'send') return 'goes';
  context.telemetry.event('recipientSuppressed', { application, mailbox, action, reason: first.reason });
  return action === 'hold' ? 'hold' : suppressedProblem(found);
}
