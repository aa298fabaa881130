// A broker on a manual clock, with consumers that only collect what they are given.
import { Broker, type BrokerOptions } from '../../../emulators/service-bus/core/broker.ts';
import type { Consumer, SessionAttachment } from '../../../emulators/service-bus/core/consumer.ts';
import { ManualClock } from '../../../emulators/service-bus/core/manual-clock.ts';
import type { IncomingMessage, Message } from '../../../emulators/service-bus/core/message.ts';
import type { Queue } from '../../../emulators/service-bus/core/queue.ts';
import type { QueueProperties } from '../../../emulators/service-bus/core/queue-properties.ts';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;

const plain: QueueProperties = {
  requiresSession: false,
  requiresDuplicateDetection: false,
  duplicateDetectionWindowMs: 10 * MINUTE,
  lockDurationMs: MINUTE,
  maxDeliveryCount: 3,
  defaultTimeToLiveMs: Number.POSITIVE_INFINITY,
  deadLetteringOnMessageExpiration: false,
};

export interface Bench {
  readonly broker: Broker;
  readonly clock: ManualClock;
  readonly queue: Queue;
  readonly deadLetters: Queue;
}

export function bench(properties: Partial<QueueProperties> = {}, options: Partial<BrokerOptions> = {}): Bench {
  const clock = new ManualClock();
  const broker = new Broker({ queues: { q: { ...plain, ...properties } }, clock, ...options });
  const queue = broker.queue('q')!;
  return { broker, clock, queue, deadLetters: queue.deadLetterQueue! };
}

const empty = new Uint8Array();

export function message(messageId: string, more: Partial<IncomingMessage> = {}): IncomingMessage {
  return {
    messageId,
    sessionId: undefined,
    partitionKey: undefined,
    timeToLive: undefined,
    scheduledFor: undefined,
    content: { annotations: empty, properties: empty, applicationProperties: empty, body: empty },
    ...more,
  };
}

export class Collector implements Consumer {
  readonly receiveMode: Consumer['receiveMode'];
  readonly got: Message[] = [];
  locksLost = 0;
  capacity: number;

  constructor(capacity = 100, receiveMode: Consumer['receiveMode'] = 'peekLock') {
    this.capacity = capacity;
    this.receiveMode = receiveMode;
  }

  get ids(): string[] {
    return this.got.map((each) => each.messageId);
  }

  credit(): number {
    return this.capacity - this.got.length;
  }

  deliver(delivered: Message): void {
    this.got.push(delivered);
  }

  sessionLockLost(): void {
    this.locksLost++;
  }

  /** The lock token of the message it got last. */
  get token(): string {
    return this.got.at(-1)!.lock!.token;
  }
}

export function receive(queue: Queue, count = 100, mode: Consumer['receiveMode'] = 'peekLock'): Collector {
  const collector = new Collector(count, mode);
  const attachment = queue.attach(collector);
  attachment.wake();
  attachment.detach('closed');
  return collector;
}

export function acceptNext(queue: Queue, collector: Collector, timeoutMs = MINUTE) {
  const result: { attachment?: SessionAttachment; timedOut: boolean; cancel: () => void } = { timedOut: false, cancel: () => {} };
  result.cancel = queue.acceptNextSession({
    consumer: collector,
    timeoutMs,
    granted: (attachment) => {
      result.attachment = attachment;
      attachment.wake();
    },
    timedOut: () => {
      result.timedOut = true;
    },
  });
  return result;
}
