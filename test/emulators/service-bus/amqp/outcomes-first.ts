// What became of the messages that a client sent: told before anything that follows from them, and of each message by itself.
import type { RheaSession } from './rhea-internals.ts';

/**
 * rhea 3.0.5 writes transfers before dispositions: the answer to a request would come before the request is settled. uamqp, the C library
 * below Microsoft's older clients for Python, takes such a request for failed (amqp_management.c, on_message_received) and crashes.
 *
 * rhea also writes neighbouring deliveries as one disposition, and for the first two of them doesn't look whether their outcomes are the
 * same (write_dispositions in its session.js): a message that was refused beside one that was taken would be told as taken.
 *
 * To be called before transfers are written.
 */
export function tellOutcomes(session: RheaSession): void {
  const { incoming } = session;
  for (const delivery of incoming.updated.splice(0)) {
    incoming.updated = [delivery];
    incoming.process(session);
  }
}
