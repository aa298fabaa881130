// The queue of send requests on Service Bus: every message ends known to be on the queue, known not to be, or said to be in doubt.

import { setTimeout as delay } from 'node:timers/promises';
import type { ServiceBusMessage } from '@azure/service-bus';
import pLimit from 'p-limit';
import type { QueueMessage } from '../../domain/submit/queue-message.ts';
import type { Clock } from '../../ports/clock.ts';
import type { EnqueueResult, SubmissionQueue } from '../../ports/submission-queue.ts';
import { toQueueMessage } from './queue-message-codec.ts';
import { explainFailure, type Failed } from './send-errors.ts';
import { SendingConnection, type ServiceBusConnection } from './sending-connection.ts';

export interface ServiceBusQueueOptions {
  connection: ServiceBusConnection;
  queue: string;
  clock: Clock;
  /** One try: connecting and sending together. */
  tryTimeoutMs?: number;
  /** Standard tier: "wait 2 seconds" after server-busy. */
  busyDelayMs?: number;
}

const TRIES = 2;
/** A client whose token could not be renewed once never renews it again (azure-sdk-for-js issue 38467), so none gets that old. */
const MAXIMUM_AGE_MS = 30 * 60_000;
/** More than 2,048 unsettled sends break the client (azure-sdk-for-js issue 26855). */
const MAXIMUM_IN_FLIGHT = 500;
/**
 * A Standard-tier message holds 256 KB; a queue holds 5 GB, and all mail that waits. With this limit a million mails a month, each as large as it
 * lets them be, wait out a `SEND_LIFETIME` below the first alert. infra/COSTS.md, "Content on the queue or in Blob Storage", has the figures.
 */
export const MAXIMUM_INLINE_BYTES = 32 * 1024;

export class ServiceBusQueue implements SubmissionQueue {
  readonly maximumInlineBytes = MAXIMUM_INLINE_BYTES;
  readonly #options: Required<ServiceBusQueueOptions>;
  readonly #inFlight = pLimit(MAXIMUM_IN_FLIGHT);
  #current: SendingConnection | undefined;

  constructor(options: ServiceBusQueueOptions) {
    this.#options = { tryTimeoutMs: 6_000, busyDelayMs: 2_000, ...options };
  }

  enqueue(message: QueueMessage, notBefore?: string): Promise<EnqueueResult> {
    return this.#inFlight(() => this.#send(toQueueMessage(message, notBefore)));
  }

  async check(): Promise<void> {
    const connection = this.#connection();
    try {
      await connection.use(() => connection.open(AbortSignal.timeout(this.#options.tryTimeoutMs)));
    } catch (error) {
      this.#discard(connection);
      throw new Error(explainFailure(error, true).reason, { cause: error });
    }
  }

  async close(): Promise<void> {
    await this.#current?.retire();
    this.#current = undefined;
  }

  /** The same MessageId goes again after a failure: duplicate detection makes that harmless. */
  async #send(message: ServiceBusMessage): Promise<EnqueueResult> {
    const failures: Failed[] = [];
    while (failures.length < TRIES) {
      const failed = await this.#try(message);
      if (!failed) return { kind: 'enqueued' };
      failures.push(failed);
      if (failed.lasting) break;
      if (failed.busy && failures.length < TRIES) await delay(this.#options.busyDelayMs);
    }
    const reason = failures.at(-1)?.reason ?? '';
    return { kind: failures.every(({ certain }) => certain) ? 'notEnqueued' : 'unknown', reason };
  }

  async #try(message: ServiceBusMessage): Promise<Failed | undefined> {
    const abortSignal = AbortSignal.timeout(this.#options.tryTimeoutMs);
    const connection = this.#connection();
    let connecting = true;
    try {
      await connection.use(async () => {
        await connection.open(abortSignal);
        connecting = false;
        await connection.send(message, abortSignal);
      });
      return undefined;
    } catch (error) {
      const failed = explainFailure(error, connecting);
      // After a refused message the link can still be used. After any other error we replace the client, because it may not recover by itself.
      if (connecting || !(failed.busy || failed.lasting)) this.#discard(connection);
      return failed;
    }
  }

  #connection(): SendingConnection {
    const { connection, queue, clock, tryTimeoutMs } = this.#options;
    if (this.#current && clock.now() - this.#current.madeAt >= MAXIMUM_AGE_MS) this.#discard(this.#current);
    this.#current ??= new SendingConnection(connection, queue, tryTimeoutMs, clock.now());
    return this.#current;
  }

  #discard(connection: SendingConnection): void {
    if (this.#current === connection) this.#current = undefined;
    void connection.retire();
  }
}
