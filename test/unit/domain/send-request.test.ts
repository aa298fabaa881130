// The vocabulary of send requests.

import { expect, test } from 'vitest';
import { isDraftOnly, isOfFuture, OPERATIONS } from '../../../shared/domain/log/send-request.ts';
import { messageIdOf } from '../../../shared/domain/submit/queue-message.ts';
import { record } from '../../support/samples.ts';

test('the operations whose job ends with a draft are those that create one', () => {
  expect(OPERATIONS.filter(isDraftOnly)).toEqual(['createDraft', 'createReply', 'createReplyAll', 'createForward']);
});

test('the MessageId of a queue message is the id and the step', () => {
  expect(messageIdOf('abc', 3)).toBe('abc/3');
});

test('a record of a version after ours is told apart: it may be read, never written', () => {
  expect(isOfFuture(record('sender@contoso.com'))).toBe(false);
  expect(isOfFuture({ schemaVersion: 2 })).toBe(true);
});
