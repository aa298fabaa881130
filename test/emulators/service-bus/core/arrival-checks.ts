// What a queue refuses as it comes.
import { BrokerError, conditions } from './errors.ts';
import type { IncomingMessage } from './message.ts';
import { MAX_IDENTIFIER_LENGTH, type QueueProperties } from './queue-properties.ts';

export function checkArrival(message: IncomingMessage, properties: QueueProperties): void {
  checkLength('MessageId', message.messageId);
  checkLength('SessionId', message.sessionId);
  checkLength('PartitionKey', message.partitionKey);
  if (properties.requiresSession && message.sessionId === undefined) {
    throw new BrokerError(
      conditions.notAllowed,
      'The SessionId was not set on a message, and it cannot be sent to the entity. Entities that have session support enabled can only receive messages that have the SessionId set to a valid value.',
    );
  }
  if (message.sessionId !== undefined && message.partitionKey !== undefined && message.sessionId !== message.partitionKey) {
    throw new BrokerError(conditions.argument, 'The SessionId and the PartitionKey of a message must be the same when both are set.');
  }
}

function checkLength(name: string, value: string | undefined): void {
  if (value === undefined || value.length <= MAX_IDENTIFIER_LENGTH) return;
  throw new BrokerError(conditions.argument, `The ${name} has ${value.length} characters; the limit is ${MAX_IDENTIFIER_LENGTH}.`);
}
