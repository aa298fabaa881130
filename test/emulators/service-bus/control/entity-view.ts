// What the control API shows of a queue.
import { expiresAt, type Message } from '../core/message.ts';
import type { Queue } from '../core/queue.ts';

export function entityView(queue: Queue): object {
  // An operation, so that what is due has happened.
  const messages = queue.run(() => [...queue.store.inOrder()]);
  const count = (fits: (message: Message) => boolean) => messages.filter(fits).length;
  return {
    name: queue.name,
    counts: {
      active: count((message) => message.state === 'active'),
      locked: count((message) => message.lock !== undefined),
      scheduled: count((message) => message.state === 'scheduled'),
      deferred: count((message) => message.state === 'deferred'),
      deadLettered: queue.deadLetterQueue?.store.size ?? 0,
    },
    counters: queue.counters,
    sessions: [...(queue.sessions?.all() ?? [])].map((session) => ({
      sessionId: session.id,
      ready: session.lane.count,
      lockedUntil: session.consumer ? iso(session.lockedUntil) : null,
    })),
    messages: messages.map(messageView),
  };
}

function messageView(message: Message): object {
  return {
    sequenceNumber: message.sequenceNumber,
    messageId: message.messageId,
    sessionId: message.sessionId ?? null,
    state: message.state,
    deliveryCount: message.deliveryCount,
    enqueuedTime: iso(message.enqueuedAt),
    scheduledEnqueueTime: iso(message.scheduledFor),
    expiresAt: iso(expiresAt(message)),
    lockedUntil: iso(message.lock?.until),
    deadLetterReason: message.changes['DeadLetterReason'] ?? null,
  };
}

function iso(time: number | undefined): string | null {
  return time === undefined ? null : new Date(time).toISOString();
}
