// Mends per AMQP session what rhea lacks as a server: many unsettled deliveries, raw bytes, honest drains.
import { ignoreLateDetaches } from './late-frames.ts';
import { separateDirections } from './link-names.ts';
import { tellOutcomes } from './outcomes-first.ts';
import type { Delivery, FlowFrame, ReceiverLink, RheaSession, SenderLink, TransferFrame } from './rhea-internals.ts';
import { noteCoordinators } from './transactions.ts';

/** In place of rhea's ring of 2,048 slots, which frees only from its head. Visits only what was touched. */
class Deliveries {
  readonly #byId = new Map<number, Delivery>();
  readonly #touched = new Set<Delivery>();

  available(): number {
    return Number.MAX_SAFE_INTEGER;
  }

  push(delivery: Delivery): void {
    this.#byId.set(delivery.id, delivery);
  }

  by_id(id: number): Delivery | undefined {
    const delivery = this.#byId.get(id);
    if (delivery) this.#touched.add(delivery);
    return delivery;
  }

  pop_if(done: (delivery: Delivery) => boolean): void {
    for (const delivery of this.#touched) if (done(delivery)) this.#byId.delete(delivery.id);
    this.#touched.clear();
  }
}

export interface Drainable {
  /** How many deliveries the link has been handed, written or not. */
  handed(): number;
  /** The credit that was left is gone. */
  drained(): void;
}

const rawBytes = new WeakMap<ReceiverLink, Buffer[]>();
const draining = new WeakMap<RheaSession, Map<SenderLink, Drainable>>();

/** The default, written out: Python counts its links against what it reads (AMQP 1.0, part 2, section 2.7.2). */
const HANDLE_MAX = 0xffff_ffff;

export function patchSession(session: RheaSession): void {
  session.local.begin.handle_max = HANDLE_MAX;
  session.outgoing.deliveries = new Deliveries();
  keepRawBytes(session);
  separateDirections(session);
  noteCoordinators(session);
  ignoreLateDetaches(session);
  answerEchoes(session);
  takeSettlementsInOrder(session);
  const links = new Map<SenderLink, Drainable>();
  draining.set(session, links);
  const process = session.outgoing.process.bind(session.outgoing);
  const answerEach = answersOneByOne(session, process);
  session.outgoing.process = () => {
    // Credit may come together with the attach: without this the first transfer would go out before its answer.
    for (const link of Object.values(session.links)) if (link.state.open_requests > 0) link._process();
    tellOutcomes(session);
    process();
    answerEach();
    for (const [link, drainable] of links) {
      if (drainable.handed() > link.delivery_count) continue;
      links.delete(link);
      link.issue_flow = true;
    }
  };
}

/** The bytes of the transfer that rhea is dispatching on this link. */
export function rawBytesOf(link: ReceiverLink): Buffer {
  const chunks = rawBytes.get(link) ?? [];
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}

/** Answers a drain once everything handed to the link has been written, used-up credit included. */
export function drain(link: SenderLink, drainable: Drainable): void {
  link._get_drain = () => {
    if (!link._draining) return false;
    link.delivery_count += link.credit;
    link.credit = 0;
    link._draining = false;
    drainable.drained();
    return true;
  };
  draining.get(link.session)?.set(link, drainable);
}

/**
 * rhea 3.0.5 writes neighbouring deliveries as one disposition, and for the first two of them doesn't look whether their outcomes are the
 * same (write_dispositions in its session.js): a settlement that was refused beside one that was taken would be told as taken.
 */
function answersOneByOne(session: RheaSession, process: () => void): () => void {
  const { outgoing } = session;
  const answers: Delivery[] = [];
  const update = outgoing.update.bind(outgoing);
  outgoing.update = (...settlement) => {
    update(...settlement);
    answers.push(...outgoing.pending_dispositions.splice(0));
  };
  return () => {
    for (const delivery of answers.splice(0)) {
      outgoing.pending_dispositions = [delivery];
      process();
    }
  };
}

/**
 * rhea tells of a settlement only after it has read all the bytes that came with it. A request, a credit or a detach that the client sent
 * after it would be carried out before it: Python asks for a deferred message right after it has deferred it.
 */
function takeSettlementsInOrder(session: RheaSession): void {
  const onDisposition = session.on_disposition.bind(session);
  session.on_disposition = (frame: unknown) => {
    onDisposition(frame);
    session.outgoing.process();
  };
}

/** A flow with echo wants the state of the link in return; rhea ignores it. */
function answerEchoes(session: RheaSession): void {
  const onFlow = session.on_flow.bind(session);
  session.on_flow = (frame: FlowFrame) => {
    onFlow(frame);
    const { echo, handle } = frame.performative;
    const link = echo ? session.remote.handles[String(handle)] : undefined;
    if (link) link.issue_flow = true;
  };
}

function keepRawBytes(session: RheaSession): void {
  const onTransfer = session.incoming.on_transfer.bind(session.incoming);
  session.incoming.on_transfer = (frame: TransferFrame, receiver: ReceiverLink) => {
    // A transfer may be empty, which rhea's reader cannot read.
    frame.payload ??= Buffer.alloc(0);
    const chunks = rawBytes.get(receiver) ?? [];
    chunks.push(frame.payload);
    rawBytes.set(receiver, chunks);
    onTransfer(frame, receiver);
    if (!frame.performative.more) rawBytes.delete(receiver);
  };
}
