// Queue trigger: one queue message is one delivery, and at most one submission attempt.
import { setTimeout as sleep } from 'node:timers/promises';
import { app, type InvocationContext } from '@azure/functions';
import { fromQueueMessage } from '../shared/adapters/service-bus/queue-message-codec.ts';
import { services } from '../shared/composition-root.ts';
import { setAsideUnknown } from '../shared/usecases/submit/set-aside.ts';
import { submitSendRequest } from '../shared/usecases/submit/submit-send-request.ts';

async function handler(body: unknown, invocation: InvocationContext): Promise<void> {
  const { context } = services();
  const decoded = fromQueueMessage(body);
  const count = Number(invocation.triggerMetadata?.['deliveryCount'] ?? 1);
  if (decoded.kind === 'message') return submitSendRequest(context, decoded.message, { count, sleep });
  const name = String(invocation.triggerMetadata?.['messageId'] ?? invocation.invocationId);
  await setAsideUnknown(context, name, body, decoded.reason);
}

app.serviceBusQueue('submit-send-request', {
  connection: 'SERVICE_BUS',
  queueName: '%QUEUE_NAME%',
  isSessionsEnabled: true,
  handler,
});
