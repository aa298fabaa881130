// Trigger on the dead-letter queue: nothing leaves the queue without an entry in the status log.
import { setTimeout as sleep } from 'node:timers/promises';
import { app, type InvocationContext } from '@azure/functions';
import { fromQueueMessage } from '../shared/adapters/service-bus/queue-message-codec.ts';
import { services } from '../shared/composition-root.ts';
import { recordDeadLetter } from '../shared/usecases/submit/record-dead-letter.ts';
import { setAsideUnknown } from '../shared/usecases/submit/set-aside.ts';

async function handler(body: unknown, invocation: InvocationContext): Promise<void> {
  const { context } = services();
  const metadata = invocation.triggerMetadata ?? {};
  const properties = (metadata['applicationProperties'] ?? {}) as Record<string, unknown>;
  const reason = String(properties['deadLetterReason'] ?? metadata['deadLetterReason'] ?? 'dead-lettered by the broker');
  const decoded = fromQueueMessage(body);
  if (decoded.kind === 'message') return recordDeadLetter(context, { message: decoded.message, reason }, (ms) => sleep(ms));
  await setAsideUnknown(context, String(metadata['messageId'] ?? invocation.invocationId), body, `${reason}; ${decoded.reason}`);
}

app.serviceBusQueue('record-dead-letter', {
  connection: 'SERVICE_BUS',
  queueName: '%QUEUE_NAME%/$DeadLetterQueue',
  handler,
});
