// Refusals of the broker, with the AMQP conditions that Service Bus clients map to their error codes.

export const conditions = {
  notFound: 'amqp:not-found',
  notAllowed: 'amqp:not-allowed',
  unauthorized: 'amqp:unauthorized-access',
  messageTooLarge: 'amqp:link:message-size-exceeded',
  quotaExceeded: 'amqp:resource-limit-exceeded',
  decode: 'amqp:decode-error',
  notImplemented: 'amqp:not-implemented',
  messageLockLost: 'com.microsoft:message-lock-lost',
  messageNotFound: 'com.microsoft:message-not-found',
  sessionLockLost: 'com.microsoft:session-lock-lost',
  sessionCannotBeLocked: 'com.microsoft:session-cannot-be-locked',
  serverBusy: 'com.microsoft:server-busy',
  timeout: 'com.microsoft:timeout',
  argument: 'com.microsoft:argument-error',
} as const;

export class BrokerError extends Error {
  readonly condition: string;

  constructor(condition: string, message: string) {
    super(message);
    this.name = 'BrokerError';
    this.condition = condition;
  }
}
