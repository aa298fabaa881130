// A queue's properties, with Azure's defaults and limits.

export interface QueueProperties {
  readonly requiresSession: boolean;
  readonly requiresDuplicateDetection: boolean;
  readonly duplicateDetectionWindowMs: number;
  readonly lockDurationMs: number;
  readonly maxDeliveryCount: number;
  /** Infinity: messages never expire by the queue's own setting. */
  readonly defaultTimeToLiveMs: number;
  readonly deadLetteringOnMessageExpiration: boolean;
}

export const MAX_IDENTIFIER_LENGTH = 128;
/** Standard tier: a message with all its properties. */
export const MAX_MESSAGE_SIZE = 262_144;

/** What a dead-letter queue is: no sessions, no expiry, no further dead-lettering. */
export function deadLetterProperties(parent: QueueProperties): QueueProperties {
  return {
    ...parent,
    requiresSession: false,
    requiresDuplicateDetection: false,
    maxDeliveryCount: Number.POSITIVE_INFINITY,
    defaultTimeToLiveMs: Number.POSITIVE_INFINITY,
  };
}
