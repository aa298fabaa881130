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
/** source: the place of its filter field (AMQP 1.0, part 3, section 3.5.3). */
const SOURCE_FILTER = 7;
const DEFAULT_TIMEOUT_MS = 60_000;
/** .NET counts time in 100 ns from the year 1. */
const TICKS_AT_EPOCH = 621_355_968_000_000_000n;

/** Undefined: no session asked for. Null: the next available one. */
export function sessionFilterOf(link: SenderLink): string | null | undefined {
  const filter = typedFilterOf(link);
  if (!filter) return undefined;
  return filter.value === null || filter.value === undefined ? null : String(filter.value);
}

/** With its descriptor, if it has one. */
function typedFilterOf(link: SenderLink): Typed | undefined {
  const filters = link.source?.value[SOURCE_FILTER]?.value;
  if (!Array.isArray(filters)) return undefined;
  const at = filters.findIndex((item: Typed, i) => i % 2 === 0 && item.value === SESSION_FILTER);
  return at < 0 ? undefined : (filters[at + 1] as Typed);
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
  // Described as the client described it: Go reads nothing else, Java and JavaScript want the bare text that they sent.
  const { descriptor } = typedFilterOf(link)!;
  const sessionId = types.wrap_string(attachment.sessionId);
  const filter = { [SESSION_FILTER]: descriptor ? types.described_nc(descriptor, sessionId) : sessionId };
  link.set_source({ address: link.source!.address, filter });
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
