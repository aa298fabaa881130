// What this process knows of the topic: whether it takes events, and when to try again.
import type { CloudEvent } from '../../domain/log/cloud-event.ts';
import { pauseMs } from '../../domain/log/outbox-rules.ts';
import type { Clock } from '../../ports/clock.ts';
import type { EventPublisher, PublishResult } from '../../ports/event-publisher.ts';

export class TopicHealth {
  readonly #clock: Clock;
  readonly #publisher: EventPublisher;
  #failures = 0;
  #pausedUntil = Number.NEGATIVE_INFINITY;
  /** Why it is out of reach; undefined: it was not, the last time. */
  reason: string | undefined;

  constructor(clock: Clock, publisher: EventPublisher) {
    this.#clock = clock;
    this.#publisher = publisher;
  }

  mayTry(): boolean {
    return this.#clock.now() >= this.#pausedUntil;
  }

  async publish(events: readonly CloudEvent[]): Promise<PublishResult> {
    const result = await this.#publisher.publish(events);
    if (result.kind === 'unavailable') {
      this.#failures++;
      this.#pausedUntil = this.#clock.now() + pauseMs(this.#failures, result.retryAfterMs);
      this.reason = result.reason;
    } else {
      this.#failures = 0;
      this.reason = undefined;
    }
    return result;
  }
}
