// Service Bus functions of the sample app: they log what they were given and do as the message says.
import { app, type InvocationContext } from '@azure/functions';

interface Order {
  fail?: number;
  killWorker?: boolean;
}

function handle(message: unknown, context: InvocationContext): void {
  const { client: _client, messageActions: _actions, ...metadata } = context.triggerMetadata ?? {};
  context.log(`message ${JSON.stringify({ body: message, metadata })}`);
  const order = (typeof message === 'object' && message !== null ? message : {}) as Order;
  const delivery = Number(context.triggerMetadata?.['deliveryCount']);
  if (order.killWorker && delivery === 1) process.kill(process.pid, 'SIGKILL');
  if (order.fail !== undefined && delivery <= order.fail) throw new Error(`fails on delivery ${delivery}`);
}

const connection = 'SAMPLE_BUS';
if (process.env['SAMPLE_BUS'] ?? process.env['SAMPLE_BUS__fullyQualifiedNamespace']) {
  app.serviceBusQueue('plain-queue', { connection, queueName: 'plain', handler: handle });
  app.serviceBusQueue('session-queue', { connection, queueName: '%SAMPLE_QUEUE%', isSessionsEnabled: true, handler: handle });
  app.serviceBusQueue('dead-letters', { connection, queueName: 'plain/$DeadLetterQueue', handler: handle });
}
