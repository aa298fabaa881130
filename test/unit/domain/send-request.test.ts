// The vocabulary of send requests.

import { expect, test } from 'vitest';
import { isOfFuture, isUnconfirmed } from '../../../shared/domain/log/send-request.ts';
import { messageIdOf } from '../../../shared/domain/submit/queue-message.ts';
import { record } from '../../support/samples.ts';

test('the MessageId of a queue message is the id and the step', () => {
  expect(messageIdOf('abc', 3)).toBe('abc/3');
});

test('a record of a version after ours is told apart: it may be read, never written', () => {
  expect(isOfFuture(record('sender@contoso.com'))).toBe(false);
  expect(isOfFuture({ schemaVersion: 2 })).toBe(true);
});

test('a request is unconfirmed until something shows that the queue has it, also if an earlier version has left the property', () => {
  expect(isUnconfirmed(record('sender@contoso.com'))).toBe(false);
  expect(isUnconfirmed(record('sender@contoso.com', { unconfirmed: true }))).toBe(true);
  expect(isUnconfirmed(record('sender@contoso.com', { unconfirmed: true, status: 'accepted' }))).toBe(false);
});
