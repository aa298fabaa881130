// Reports as a stage receives them.
import { reconcileMailboxes } from '../../../shared/usecases/reconcile/reconcile-mailboxes.ts';
import { dsn } from '../reports/mails.ts';
import { MAILBOX, MINUTE, Stage } from './stage.ts';

export const NDR = 'REPORT.IPM.Note.NDR';
export const TWO = [
  { address: 'a@example.com', type: 'to' as const },
  { address: 'b@example.com', type: 'cc' as const },
];

export const group = (address: string, action = 'failed', status = '5.1.1') =>
  `Final-Recipient: rfc822;${address}\nAction: ${action}\nStatus: ${status}\nRemote-MTA: dns;mx.example.com\nDiagnostic-Code: smtp;550 no such user\n`;

/** As the own organization's Exchange writes it, unless a stranger wrote it. */
export function report(about: string, groups: string[], byStranger = false): Uint8Array {
  const original = `From: ${MAILBOX}\nMessage-ID: ${about}\nSubject: Invoice\n\nx\n`;
  const own = byStranger ? '' : 'X-MS-Exchange-Organization-AuthAs: Internal\n';
  return dsn(`Reporting-MTA: dns;mail.contoso.com\n\n${groups.join('\n')}`, {
    headers: `${own}In-Reply-To: ${about}\n`,
    ...(!byStranger && { from: 'Microsoft Outlook <postmaster@contoso.com>' }),
    original,
  });
}

/** A report arrives, and the reconciler comes round. */
export async function reported(stage: Stage, id: string, groups: string[], itemClass?: string, byStranger = false): Promise<void> {
  const { internetMessageId } = await stage.record(id);
  const mime = report(internetMessageId, groups, byStranger);
  stage.graph.receive(MAILBOX, { mime, looksLikeReport: true, ...(itemClass !== undefined && { itemClass }) });
  stage.clock.advance(MINUTE);
  await reconcileMailboxes(stage.context);
}

export async function sent(): Promise<{ stage: Stage; id: string }> {
  const stage = new Stage();
  const id = await stage.post({ recipients: TWO });
  await stage.deliver();
  await reconcileMailboxes(stage.context);
  return { stage, id };
}
