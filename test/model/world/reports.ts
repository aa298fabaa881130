// Non-delivery reports as Exchange sends them, for the mails of a run.
import { reportMail } from '../../support/report-mail.ts';

/** Names the mail by In-Reply-To, and by its header in the returned original if that one survived. */
export function ndr(internetMessageId: string, failing: readonly string[], mark: string | undefined): Uint8Array {
  const text = reportMail({
    recipients: failing.map((address) => ({ address, status: '5.1.10' })),
    inReplyTo: internetMessageId,
    original: { messageId: internetMessageId, ...(mark !== undefined && { header: mark }) },
  });
  return new TextEncoder().encode(text);
}
