// Service Bus functions of the sample app: they log what they were given and do as the message says.
import { existsSync } from 'node:fs';
import { app, type InvocationContext } from '@azure/functions';
import { type SettlementCall, settle } from './settle.ts';

interface Order {
  /** Throws up to this delivery. */
  fail?: number;
  /** Kills its own process on the first delivery. */
  killWorker?: boolean;
  /** Runs until this file is there. */
  hold?: string;
  /** Throws up to this delivery, after having waited. */
  failAfterHold?: number;
  /** Calls of the host's settlement service, after the work. */
  settle?: SettlementCall[];
  /** Throws, or kills its own process, at the very end. */
  atEnd?: 'fail' | 'killWorker';
}

async function handle(message: unknown, context: InvocationContext): Promise<void> {
  context.log(
    `message ${JSON.stringify({ body: message, metadata: context.triggerMetadata, traceParent: context.traceContext?.traceParent })}`,
  );
  const order = (typeof message === 'object' && message !== null ? message : {}) as Order;
  const delivery = Number(context.triggerMetadata?.['deliveryCount']);
  if (order.killWorker && delivery === 1) process.kill(process.pid, 'SIGKILL');
  if (order.fail !== undefined && delivery <= order.fail) throw new Error(`fails on delivery ${delivery}`);
  while (order.hold && !existsSync(order.hold)) await new Promise((resolve) => setTimeout(resolve, 5));
  if (order.failAfterHold !== undefined && delivery <= order.failAfterHold) throw new Error(`fails on delivery ${delivery}`);
  for (const call of order.settle ?? []) context.log(`${call}: ${await settle(call, context.triggerMetadata)}`);
  if (order.atEnd === 'killWorker') process.kill(process.pid, 'SIGKILL');
  if (order.atEnd === 'fail') throw new Error('fails at its end');
  context.log(`done ${context.triggerMetadata?.['messageId']}`);
}

const connection = 'SAMPLE_BUS';
if (process.env['SAMPLE_MODE'] === 'bus') {
  app.serviceBusQueue('plain-queue', { connection, queueName: 'plain', handler: handle });
  app.serviceBusQueue('session-queue', { connection, queueName: '%SAMPLE_QUEUE%', isSessionsEnabled: true, handler: handle });
  app.serviceBusQueue('dead-letters', { connection, queueName: 'plain/$DeadLetterQueue', handler: handle });
}
