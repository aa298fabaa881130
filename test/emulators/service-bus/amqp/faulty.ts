// Carries out one step of the protocol as an armed fault wants it.
import { BrokerError, conditions } from '../core/errors.ts';
import type { Fault } from '../faults.ts';
import type { ClientConnection } from './client-connection.ts';

export interface Step {
  apply(): void;
  answer(): void;
  refuse(error: BrokerError): void;
  /** No answer will follow. */
  forget(): void;
}

export function faulty(fault: Fault | undefined, connection: ClientConnection, step: Step): void {
  const action = fault?.action;
  if (action === 'dropBefore') {
    connection.drop();
    return;
  }
  try {
    if (fault && action === 'error') throw faultError(fault);
    step.apply();
  } catch (error) {
    if (!(error instanceof BrokerError)) throw error;
    step.refuse(error);
    return;
  }
  if (action === 'dropAfter') connection.drop();
  else if (action === 'noAnswer') step.forget();
  else step.answer();
}

export function faultError(fault: Fault): BrokerError {
  return new BrokerError(
    fault.condition ?? conditions.serverBusy,
    fault.description ?? 'The server is busy. Please wait 2 seconds and try again.',
  );
}
