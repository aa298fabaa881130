// What the caller is told, and the first row of a request: the same with a key and without.
import { isResendableLater } from '../../domain/act/kept-content.ts';
import type { SendRequestRecord } from '../../domain/log/send-request.ts';
import type { QueueMessage } from '../../domain/submit/queue-message.ts';
import type { Change } from '../../ports/status-log.ts';
import type { Context } from '../context.ts';
import { enqueuedEvent } from '../log/new-record.ts';
import { changeOf } from '../log/write-log.ts';
import type { EnqueueOutcome } from './enqueue-command.ts';

/** Seconds after which a caller may try again when the queue or the log is out of reach. */
const RETRY_AFTER = 10;

type Accepted = Extract<EnqueueOutcome, { kind: 'accepted' }>;
type Unavailable = Extract<EnqueueOutcome, { kind: 'unavailable' }>;

export const unavailable = (reason: string, more: Pick<Unavailable, 'isOpen'> = {}): Unavailable => ({
  kind: 'unavailable',
  retryAfter: RETRY_AFTER,
  reason,
  ...more,
});

export const acceptedAs = ({ rules }: Pick<Context, 'rules'>, record: SendRequestRecord): Accepted => ({
  kind: 'accepted',
  id: record.id,
  status: record.status,
  mailbox: record.mailbox,
  operation: record.operation,
  ...(!isResendableLater(record, rules) && { resendable: false }),
});

export const creation = (record: SendRequestRecord, { recipients }: QueueMessage): Change => ({
  ...changeOf(record, [enqueuedEvent(record)], recipients),
  ...(record.callerSetMessageId && { indexMessageId: record.internetMessageId }),
});
