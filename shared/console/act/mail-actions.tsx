// What can be done with one mail: cancel it, or send it again.
import { useState } from 'preact/hooks';
import { read } from '../api/client.ts';
import { asObject, asText } from '../api/reading.ts';
import type { SendRequestView } from '../api/send-request.ts';
import { requestPath } from '../mail/request-path.ts';
import { useSurroundings } from '../parts/context.ts';
import { mayHave } from '../sign-in/session.ts';
import { ActDialog, MayAct } from './act-dialog.tsx';
import { mayCancel, mayResend } from './orders.ts';
import { ResendDialog } from './resend-dialog.tsx';

interface Props {
  request: SendRequestView;
  /** The send request has changed: load it again. */
  changed: () => void;
}

function CancelDialog({ request, close }: { request: SendRequestView; close: (done: boolean) => void }) {
  const { client } = useSurroundings();
  const act = async (reason: string) => {
    const answer = await client.call(`${requestPath(request.mailbox, request.id)}/cancel`, { method: 'POST', body: { reason } });
    return read(answer, (value) => `It is ${asText(asObject(value)['status']) ?? 'cancelled'}. Nothing was sent.`);
  };
  return (
    <ActDialog title="Cancel this mail" verb="Cancel the mail" ready act={act} close={close}>
      <p>It is not sent any more, if no worker has begun to send it meanwhile. The answer says which it was.</p>
    </ActDialog>
  );
}

export function MailActions({ request, changed }: Props) {
  const { session } = useSurroundings();
  const [open, setOpen] = useState<'cancel' | 'resend' | undefined>(undefined);
  const close = (done: boolean) => {
    setOpen(undefined);
    if (done) changed();
  };
  const canCancel = mayCancel(request);
  const canResend = mayResend(request);
  if (!canCancel && !canResend) return null;
  return (
    <>
      <MayAct may={mayHave(session, 'SendRequests.Manage.All')}>
        {canCancel && (
          <button type="button" onClick={() => setOpen('cancel')}>
            Cancel…
          </button>
        )}
        {canResend && (
          <button type="button" onClick={() => setOpen('resend')}>
            Send again…
          </button>
        )}
      </MayAct>
      {open === 'cancel' && <CancelDialog request={request} close={close} />}
      {open === 'resend' && <ResendDialog request={request} close={close} />}
    </>
  );
}
