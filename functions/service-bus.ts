// The queue triggers: the queue itself, and its dead-letter queue.
import { setTimeout as sleep } from 'node:timers/promises';
import { app, type InvocationContext } from '@azure/functions';
import { messageProperties } from '../shared/adapters/service-bus/message-properties-codec.ts';
import { fromQueueMessage } from '../shared/adapters/service-bus/queue-message-codec.ts';
import { services } from '../shared/composition/composition-root.ts';
import type { QueueMessage } from '../shared/domain/submit/queue-message.ts';
import { recordDeadLetter } from '../shared/usecases/submit/record-dead-letter.ts';
import { setAsideUnknown } from '../shared/usecases/submit/set-aside.ts';
import { postponeDelivery, submitSendRequest } from '../shared/usecases/submit/submit-send-request.ts';

/** Longer than other submissions take, and only part of the time that the host gives an invocation. */
const WAIT_FOR_MEMORY_MS = 120_000;

const bytesOf = ({ content }: QueueMessage): number => (content.kind === 'claimCheck' ? content.claimCheck.length : content.text.length);

/** Submits within the memory for mail. If there is no memory in time, the delivery is postponed. */
async function submitInBudget(message: QueueMessage, count: number): Promise<void> {
  const { context, submissionBudget } = services();
  const release = await submissionBudget.take(bytesOf(message), WAIT_FOR_MEMORY_MS);
  if (!release) return postponeDelivery(context, message, 'other mails use the memory for submitting', { count, sleep });
  try {
    await submitSendRequest(context, message, { count, sleep });
  } finally {
    release();
  }
}

/** One queue message is one delivery, and at most one submission attempt. */
async function submit(body: unknown, invocation: InvocationContext): Promise<void> {
  const { context, settlement } = services();
  const decoded = fromQueueMessage(body);
  const properties = messageProperties(invocation.triggerMetadata, body);
  const { deliveryCount: count = 1, messageId = invocation.invocationId, lockToken, sessionId } = properties;
  if (decoded.kind === 'message') await submitInBudget(decoded.message, count);
  else await setAsideUnknown(context, messageId, body, decoded.reason);
  // This must come last: after it the queue message does not come again.
  if (lockToken !== undefined && sessionId !== undefined) await settlement?.settle({ lockToken, sessionId });
}

/** Nothing leaves the queue without an entry in the status log. */
async function record(body: unknown, invocation: InvocationContext): Promise<void> {
  const { context } = services();
  const properties = messageProperties(invocation.triggerMetadata, body);
  const reason = properties.deadLetterReason ?? 'dead-lettered by Service Bus';
  const decoded = fromQueueMessage(body);
  if (decoded.kind === 'message') return recordDeadLetter(context, { message: decoded.message, reason }, (ms) => sleep(ms));
  await setAsideUnknown(context, properties.messageId ?? invocation.invocationId, body, `${reason}; ${decoded.reason}`);
}

export function registerServiceBus(): void {
  app.serviceBusQueue('submit-send-request', {
    connection: 'SERVICE_BUS',
    queueName: '%QUEUE_NAME%',
    isSessionsEnabled: true,
    handler: submit,
  });

  app.serviceBusQueue('record-dead-letter', {
    connection: 'SERVICE_BUS',
    queueName: '%QUEUE_NAME%/$DeadLetterQueue',
    handler: record,
  });
}
