// Trigger on the dead-letter queue: nothing leaves the queue without an entry in the status log.
import { setTimeout as sleep } from 'node:timers/promises';
import { app, type InvocationContext } from '@azure/functions';
import { messageProperties } from '../shared/adapters/service-bus/message-properties-codec.ts';
import { fromQueueMessage } from '../shared/adapters/service-bus/queue-message-codec.ts';
import { services } from '../shared/composition-root.ts';
import { recordDeadLetter } from '../shared/usecases/record-dead-letter.ts';
import { setAsideUnknown } from '../shared/usecases/set-aside-poison.ts';

async function handler(body: unknown, invocation: InvocationContext): Promise<void> {
  const { context } = services();
  const properties = messageProperties(invocation.triggerMetadata, body);
  const reason = properties.deadLetterReason ?? 'dead-lettered by the broker';
  const decoded = fromQueueMessage(body);
  if (decoded.kind === 'message') return recordDeadLetter(context, { message: decoded.message, reason }, (ms) => sleep(ms));
  await setAsideUnknown(context, properties.messageId ?? invocation.invocationId, body, `${reason}; ${decoded.reason}`);
}

app.serviceBusQueue('record-dead-letter', {
  connection: 'SERVICE_BUS',
  queueName: '%QUEUE_NAME%/$DeadLetterQueue',
  handler,
});
