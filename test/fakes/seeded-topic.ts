// An Event Grid topic in memory that does what a topic may do: it fails, takes events and loses its answer, or refuses a single event.
import { CloudEvent as StrictCloudEvent } from 'cloudevents';
import type { CloudEvent } from '../../shared/domain/log/cloud-event.ts';
import type { EventPublisher, PublishResult } from '../../shared/ports/event-publisher.ts';

export type TopicFault = 'accepts' | 'fails' | 'losesItsAnswer' | 'takesOnlyTheFirst';

export class SeededTopic implements EventPublisher {
  /** All that it has taken, in order; repeats too. */
  readonly taken: CloudEvent[] = [];
  readonly fired: Record<TopicFault, number> = { accepts: 0, fails: 0, losesItsAnswer: 0, takesOnlyTheFirst: 0 };
  /** What it does with the next request. */
  next: () => TopicFault = () => 'accepts';
  /** Events that it refuses with every request that has them. */
  refuses: (event: CloudEvent) => boolean = () => false;

  async publish(events: readonly CloudEvent[]): Promise<PublishResult> {
    await Promise.resolve();
    const fault = this.next();
    this.fired[fault]++;
    if (fault === 'fails') return { kind: 'unavailable', reason: 'Event Grid: 503' };
    if (events.some(this.refuses)) return { kind: 'refused', reason: 'Event Grid: 400 BadRequest' };
    const taken = fault === 'takesOnlyTheFirst' ? events.slice(0, 1) : events;
    for (const event of taken) {
      // Throws if it is no valid CloudEvent: the judge is the SDK of the CloudEvents project.
      new StrictCloudEvent({ ...event, specversion: '1.0', datacontenttype: 'application/json' }, true);
      this.taken.push(event);
    }
    return fault === 'accepts' ? { kind: 'accepted' } : { kind: 'unavailable', reason: 'Event Grid: no answer' };
  }

  /** Ids in the order in which each was taken first. */
  firstIds(): string[] {
    return [...new Set(this.taken.map(({ id }) => id))];
  }
}
