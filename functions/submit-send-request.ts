// Queue trigger: one queue message is one delivery, and at most one submission attempt.
import { setTimeout as sleep } from 'node:timers/promises';
import { app, type InvocationContext } from '@azure/functions';
import { messageProperties } from '../shared/adapters/service-bus/message-properties-codec.ts';
import { fromQueueMessage } from '../shared/adapters/service-bus/queue-message-codec.ts';
import { services } from '../shared/composition-root.ts';
import { setAsideUnknown } from '../shared/usecases/set-aside-poison.ts';
import { submitSendRequest } from '../shared/usecases/submit-send-request.ts';

async function handler(body: unknown, invocation: InvocationContext): Promise<void> {
  const { context } = services();
  const decoded = fromQueueMessage(body);
  const { deliveryCount: count = 1, messageId = invocation.invocationId } = messageProperties(invocation.triggerMetadata, body);
  if (decoded.kind === 'message') return submitSendRequest(context, decoded.message, { count, sleep });
  await setAsideUnknown(context, messageId, body, decoded.reason);
}

app.serviceBusQueue('submit-send-request', {
  connection: 'SERVICE_BUS',
  queueName: '%QUEUE_NAME%',
  isSessionsEnabled: true,
  handler,
});
