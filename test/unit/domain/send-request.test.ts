// The vocabulary of send requests.

import { expect, test } from 'vitest';
import { messageIdOf } from '../../../shared/domain/queue-message.ts';
import { isDraftOnly, OPERATIONS } from '../../../shared/domain/send-request.ts';

test('the operations whose job ends with a draft are those that create one', () => {
  expect(OPERATIONS.filter(isDraftOnly)).toEqual(['createDraft', 'createReply', 'createReplyAll', 'createForward']);
});

test('the MessageId of a queue message is the id and the step', () => {
  expect(messageIdOf('abc', 3)).toBe('abc/3');
});
