// One delivery of a queue message: at most one submission attempt. Decide, act, finish, until nothing is left to decide.
import { isOfFuture } from '../../domain/log/send-request.ts';
import { postpone } from '../../domain/submit/come-again.ts';
import { decideDelivery } from '../../domain/submit/delivery-decision.ts';
import type { Ending } from '../../domain/submit/ending.ts';
import type { QueueMessage } from '../../domain/submit/queue-message.ts';
import { unlessOutOfReach } from '../../ports/store-unavailable.ts';
import type { Context } from '../context.ts';
import { actOnDecision } from './act-on-decision.ts';
import { Delivery } from './delivery.ts';
import { finish, SuccessorNotEnqueued } from './finish.ts';
import { readAhead } from './read-ahead.ts';

/** A delivery ends after a few decisions: deferral recorded, doubt resolved, attempt. */
const MAXIMUM_DECISIONS = 6;

/** How the broker delivers the queue message: for which time, from 1, and how the worker waits. */
export interface BrokerDelivery {
  count: number;
  sleep: (ms: number) => Promise<unknown>;
}

/**
 * How long a delivery that could enqueue nothing lasts. A lost connection is over at once; a queue that gives but takes nothing (full, or a
 * right is missing) must not burn all deliveries of its messages (`maxDeliveryCount`, infra/modules/service-bus.bicep) in a second.
 */
const nothingEnqueuedMs = (count: number): number => Math.min(1_000 * 4 ** (count - 1), 60_000);

async function decide(delivery: Delivery): Promise<Ending> {
  const { context, message, record, now } = delivery;
  if (isOfFuture(record)) {
    const reason = `The record of ${record.id} has schemaVersion ${record.schemaVersion}, which this version does not know`;
    return { kind: 'drop', reason, setAside: true };
  }
  return actOnDecision(delivery, decideDelivery(record, message, now, context.rules.inDoubtGraceMs));
}

/**
 * The queue can be quicker than the table: the HTTP API may still be writing the row of a new request. If the worker created it as well, one of them
 * would be refused, which costs four operations more and takes longer than this.
 */
const ROW_MAY_COME_MS = 40;
/** A request this old has its row, or never gets one from the HTTP API. */
const NEW_REQUEST_MS = 5_000;

async function open(delivery: Delivery, { count, sleep }: BrokerDelivery): Promise<void> {
  const { context, message } = delivery;
  readAhead(context, message);
  await delivery.open();
  const isNew = count === 1 && message.step === 0 && context.clock.now() - Date.parse(message.createdDateTime) < NEW_REQUEST_MS;
  if (!delivery.isUnwritten || !isNew) return;
  await sleep(ROW_MAY_COME_MS);
  await delivery.open();
}

/** Throws StoreUnavailable. */
async function handle(delivery: Delivery, broker: BrokerDelivery): Promise<void> {
  await open(delivery, broker);
  for (let decisions = 0; decisions < MAXIMUM_DECISIONS; decisions++) {
    if ((await finish(delivery, await decide(delivery))) === 'complete') return;
  }
  throw new Error(`${delivery.record.id}: no end after ${MAXIMUM_DECISIONS} decisions`);
}

/** A store is out of reach, or there is no memory: what remains to be done comes again. */
async function postponed(delivery: Delivery, reason: string): Promise<void> {
  await finish(delivery, postpone(delivery.situation, delivery.context.rules.retry, reason));
}

/** If no successor could be enqueued, it fails after a while. */
async function waitingToFail(work: () => Promise<void>, { count, sleep }: BrokerDelivery): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof SuccessorNotEnqueued) await sleep(nothingEnqueuedMs(count));
    throw error;
  }
}

/** Leaves a successor in place of the delivery, whose record is not read. Throws as `submitSendRequest` does. */
export async function postponeDelivery(context: Context, message: QueueMessage, reason: string, broker: BrokerDelivery): Promise<void> {
  await waitingToFail(() => postponed(new Delivery(context, message), reason), broker);
}

/**
 * Handles one queue message. Returns when it may be completed; throws only for bugs, and if no successor could be enqueued
 * (the queue message then comes again by itself, after a while).
 */
export async function submitSendRequest(context: Context, message: QueueMessage, broker: BrokerDelivery): Promise<void> {
  const delivery = new Delivery(context, message);
  const handled = () =>
    unlessOutOfReach(
      () => handle(delivery, broker),
      (error) => postponed(delivery, error.message),
    );
  await waitingToFail(handled, broker);
}
