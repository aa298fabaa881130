// Transactions are not played: a link to the coordinator is refused in words (AMQP 1.0, part 4, section 4.1).
import { BrokerError, conditions } from '../core/errors.ts';
import type { AttachFrame, ReceiverLink, RheaSession, Typed } from './rhea-internals.ts';

/** The coordinator's descriptor as a number and as a symbol. */
const COORDINATOR: ReadonlySet<unknown> = new Set([0x30, 'amqp:coordinator:list']);
const coordinators = new WeakMap<RheaSession, Set<string>>();

/** Keeps what an attach says of its target: rhea knows no target but an address, and warns on the console. */
export function noteCoordinators(session: RheaSession): void {
  const names = new Set<string>();
  coordinators.set(session, names);
  const onAttach = session.on_attach.bind(session);
  session.on_attach = (frame: AttachFrame) => {
    const { name, target } = frame.performative;
    names.delete(name);
    if (isCoordinator(target)) {
      names.add(name);
      frame.performative.target = null;
    }
    onAttach(frame);
  };
}

function isCoordinator(target: Typed | null | undefined): boolean {
  return COORDINATOR.has(target?.descriptor?.value);
}

export function asksForTransactions(link: ReceiverLink): boolean {
  return coordinators.get(link.session)?.has(link.name) ?? false;
}

export function noTransactions(): BrokerError {
  return new BrokerError(
    conditions.notImplemented,
    'Transactions are not implemented by this emulator. Send and settle without a transaction, or use a real namespace.',
  );
}
