// The hashes by which a repeat of a send request is known.
import { createHash } from 'node:crypto';
import type { EnqueueCommand } from './enqueue-command.ts';

export const sha256 = (...parts: (string | Uint8Array)[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex');
};

/** Two redirected mails may differ only in their original recipients, so the hash covers these too. */
export const contentHashOf = ({
  operation,
  targetMessageId = '',
  saveToSentItems,
  content,
  redirectedTo,
  recipients,
  sameAs,
}: EnqueueCommand): string =>
  sameAs !== undefined
    ? sha256(sameAs)
    : sha256(
        operation,
        targetMessageId,
        String(saveToSentItems),
        content,
        ...(redirectedTo === undefined ? [] : [JSON.stringify(recipients)]),
      );

/** An Idempotency-Key counts within an application and a mailbox. */
export const keyHashOf = (application: string, mailbox: string, key: string): string => sha256(application, mailbox, key);
