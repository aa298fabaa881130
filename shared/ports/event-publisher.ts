// Where events are published.
import type { CloudEvent } from '../domain/log/cloud-event.ts';

export type PublishResult =
  /** The topic has all of them. */
  | { kind: 'accepted' }
  /** The topic refuses this very request (400, 413): one of the events may be the cause, or the topic's schema. */
  | { kind: 'refused'; reason: string }
  /** Nothing is known of the events: the topic is out of reach, overloaded, or refuses us. Some or all may be published. */
  | { kind: 'unavailable'; reason: string; retryAfterMs?: number };

export interface EventPublisher {
  /** Publishes all in one request, in this order. Never throws. */
  publish(events: readonly CloudEvent[]): Promise<PublishResult>;
}
