// Ending a delivery from within the function, so that its session is free for others at once.

/** The session of a queue message, and the lock under which it was handed over. */
export interface LockedMessage {
  lockToken: string;
  sessionId: string;
}

/**
 * The host ends a delivery after the function by itself: it completes the queue message, and keeps the session until it has been idle for a while.
 * This does both earlier. Must be the last thing that a delivery does: what is completed never comes again.
 */
export interface Settlement {
  /** Completes the queue message, then asks for the release of the session, which happens when the function has returned. Never throws: what could not be done is left to the host. */
  settle(message: LockedMessage): Promise<void>;
}
