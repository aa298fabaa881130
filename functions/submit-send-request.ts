// Queue trigger: one queue message is one delivery, and at most one submission attempt.
import { setTimeout as sleep } from 'node:timers/promises';
import { app, type InvocationContext } from '@azure/functions';
import { fromQueueMessage } from '../shared/adapters/service-bus/queue-message-codec.ts';
import { services } from '../shared/composition-root.ts';
import type { QueueMessage } from '../shared/domain/submit/queue-message.ts';
import { setAsideUnknown } from '../shared/usecases/submit/set-aside-poison.ts';
import { postpone, submitSendRequest } from '../shared/usecases/submit/submit-send-request.ts';

/** Longer than the others take, and a part of what the host gives an invocation. */
const WAIT_FOR_MEMORY_MS = 120_000;

const bytesOf = ({ content }: QueueMessage): number => (content.kind === 'claimCheck' ? content.claimCheck.length : content.text.length);

/** Within the memory for mail: a mail that finds no room in time comes again later. */
async function submit(message: QueueMessage, count: number): Promise<void> {
  const { context, submissionBudget } = services();
  const giveBack = await submissionBudget.take(bytesOf(message), WAIT_FOR_MEMORY_MS);
  if (!giveBack) return postpone(context, message, undefined, 'as much mail is being submitted as there is memory for');
  try {
    await submitSendRequest(context, message, { count, sleep });
  } finally {
    giveBack();
  }
}

async function handler(body: unknown, invocation: InvocationContext): Promise<void> {
  const { context } = services();
  const decoded = fromQueueMessage(body);
  const count = Number(invocation.triggerMetadata?.['deliveryCount'] ?? 1);
  if (decoded.kind === 'message') return submit(decoded.message, count);
  const name = String(invocation.triggerMetadata?.['messageId'] ?? invocation.invocationId);
  await setAsideUnknown(context, name, body, decoded.reason);
}

app.serviceBusQueue('submit-send-request', {
  connection: 'SERVICE_BUS',
  queueName: '%QUEUE_NAME%',
  isSessionsEnabled: true,
  handler,
});
