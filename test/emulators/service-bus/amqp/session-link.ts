// A link on which a client receives one session: a named one, or the next that is available.
import type { SessionAttachment } from '../core/consumer.ts';
import { BrokerError, conditions } from '../core/errors.ts';
import type { Queue } from '../core/queue.ts';
import { acceptLink, postponeAnswer, refuseLink } from './attaches.ts';
import type { Hold } from './client-connection.ts';
import type { OutgoingLink } from './outgoing-link.ts';
import { type SenderLink, type Typed, types } from './rhea-internals.ts';

const SESSION_FILTER = 'com.microsoft:session-filter';
const LOCKED_UNTIL = 'com.microsoft:locked-until-utc';
const TIMEOUT = 'com.microsoft:timeout';
const DEFAULT_TIMEOUT_MS = 60_000;
/** .NET counts time in 100 ns from the year 1. */
const TICKS_AT_EPOCH = 621_355_968_000_000_000n;

/** Undefined: no session asked for. Null: the next available one. */
export function sessionFilterOf(link: SenderLink): string | null | undefined {
  const filter = link.source?.filter;
  if (!filter || !(SESSION_FILTER in filter)) return undefined;
  const value = filter[SESSION_FILTER];
  const plain = value && typeof value === 'object' ? (value as Typed).value : value;
  return plain === null || plain === undefined ? null : String(plain);
}

export function openSessionLink(consumer: OutgoingLink, link: SenderLink, queue: Queue, sessionId: string | null): void {
  if (sessionId !== null) {
    grant(consumer, link, queue.acceptSession(sessionId, consumer));
    return;
  }
  postponeAnswer(link);
  waitForNext(consumer, link, queue);
}

function waitForNext(consumer: OutgoingLink, link: SenderLink, queue: Queue): void {
  let done = false;
  const hold: Hold = {
    session: link.session,
    release: () => {
      if (!done) cancel();
    },
  };
  if (!consumer.connection.hold(hold)) return;
  const finish = () => {
    done = true;
    consumer.connection.letGo(hold, 'closed');
  };
  link.on('sender_close', () => {
    if (done) return;
    consumer.connection.letGo(hold, 'closed');
    done = true;
    // The client gave up waiting: it still expects the answer to its attach, then to its detach.
    refuseLink(link, timedOut());
    setImmediate(() => link.remove());
  });
  const cancel = queue.acceptNextSession({
    consumer,
    timeoutMs: Number(link.properties?.[TIMEOUT] ?? DEFAULT_TIMEOUT_MS),
    granted: (attachment) => {
      finish();
      grant(consumer, link, attachment);
      link.open();
    },
    timedOut: () => {
      finish();
      refuseLink(link, timedOut());
    },
  });
}

function grant(consumer: OutgoingLink, link: SenderLink, attachment: SessionAttachment): void {
  acceptLink(link);
  link.set_source({ address: link.source!.address, filter: { [SESSION_FILTER]: attachment.sessionId } });
  link.local.attach.properties = { [LOCKED_UNTIL]: types.wrap_long(ticks(attachment.lockedUntil)) };
  consumer.open(attachment, attachment.sessionId);
}

function ticks(time: number): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigInt64BE(TICKS_AT_EPOCH + BigInt(time) * 10_000n);
  return buffer;
}

function timedOut(): BrokerError {
  return new BrokerError(conditions.timeout, 'The operation did not complete within the allotted timeout: no session became available.');
}
