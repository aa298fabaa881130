// A mail to three that Exchange has returned for some of them, and what is seen of its resends.
import type { AskedRecipients } from '../../../shared/domain/act/choose-recipients.ts';
import type { EnqueueCommand } from '../../../shared/usecases/accept/enqueue-command.ts';
import { Actions } from '../../../shared/usecases/act/actions.ts';
import type { ResendOrder, Resent } from '../../../shared/usecases/act/resend-send-request.ts';
import { group, NDR, reported } from '../usecases/reported.ts';
import { MAILBOX, type Stage } from '../usecases/stage.ts';
import { OWNER } from './acting.ts';

export const [A, B, C] = ['a@example.com', 'b@example.com', 'c@example.com'];
export const THREE = [A, B, C].map((address) => ({ address, type: 'to' as const }));
export const ADMIT = async () => undefined;

export const newId = (resent: Resent): string => {
  if (resent.kind !== 'resent') throw new Error(JSON.stringify(resent));
  return resent.as.id;
};
export const whyNot = (resent: Resent): string =>
  'why' in resent ? resent.why : 'problem' in resent ? resent.problem.message : resent.kind;

export type Bounces = ReturnType<typeof bounceOn>;

export function bounceOn(stage: Stage) {
  const resend = (id: string, recipients?: AskedRecipients, order: ResendOrder = {}): Promise<Resent> =>
    new Actions(stage.context, stage.log).resend(OWNER, { mailbox: MAILBOX, id }, { recipients, ...order }, ADMIT);
  /** The copy as Exchange shows it. */
  async function giveCopy(id: string, extra = ''): Promise<void> {
    const { internetMessageId } = await stage.record(id);
    const item = stage.graph.items.find((one) => one.internetMessageId === internetMessageId);
    if (!item) throw new Error('no copy');
    item.mime = new TextEncoder().encode(
      `Received: by prod.outlook.com\r\nFrom: Sender <${MAILBOX}>\r\nTo: "Ada" <${A}>, ${B}, ${C}\r\nSubject: Invoice\r\nMessage-ID: ${internetMessageId}\r\n${extra}\r\nHello\r\n`,
    );
  }

  /** It went out to three, and was returned for these. */
  async function bounced(failed: readonly string[], more: Partial<EnqueueCommand> = {}): Promise<string> {
    const id = await stage.post({ recipients: THREE, ...more });
    await stage.deliver();
    await giveCopy(id);
    await fails(id, failed);
    return id;
  }
  const fails = (id: string, failed: readonly string[]) =>
    reported(
      stage,
      id,
      failed.map((address) => group(address, 'failed', '5.1.10')),
      NDR,
    );

  const recipientsOf = (id: string) => stage.log.recipients(MAILBOX, id);
  /** How often each address was handed to Exchange, the first mail left out. */
  async function sentAgain(first: string): Promise<Record<string, number>> {
    await stage.deliverAll();
    const counts: Record<string, number> = {};
    for (const { mark = '' } of stage.graph.submissions) {
      for (const { address } of mark === first ? [] : await recipientsOf(mark)) counts[address] = (counts[address] ?? 0) + 1;
    }
    return counts;
  }
  const mimeOf = (id: string): string => {
    const content = stage.queue.queued.find(({ message }) => message.id === id)?.message.content;
    return content?.kind === 'inline' ? Buffer.from(content.text, 'base64').toString() : '';
  };

  return { resend, giveCopy, bounced, fails, recipientsOf, sentAgain, mimeOf };
}
