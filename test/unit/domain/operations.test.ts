// The table of operations: what follows from its rows is what Graph documents, and no row contradicts itself.
import { describe, expect, test } from 'vitest';
import { rightsFor } from '../../../shared/domain/accept/rights.ts';
import {
  graphPaths,
  isAction,
  isDraftOnly,
  isReplyOrForward,
  namesMessage,
  OPERATION_TABLE,
  OPERATIONS,
} from '../../../shared/domain/operations.ts';

const WITH_BODY = OPERATIONS.filter((operation) => operation !== 'send');

test('there are nine, and each has a function, a path and a source of its own', () => {
  const rows = Object.values(OPERATION_TABLE);
  for (const property of ['functionName', 'path', 'source'] as const) expect(new Set(rows.map((row) => row[property])).size).toBe(9);
});

test('those whose job ends with a draft are those that create one', () => {
  expect(OPERATIONS.filter(isDraftOnly)).toEqual(['createDraft', 'createReply', 'createReplyAll', 'createForward']);
});

test('all but createDraft are actions, and those about a message name it', () => {
  expect(OPERATIONS.filter((operation) => !isAction(operation))).toEqual(['createDraft']);
  expect(OPERATIONS.filter((operation) => !namesMessage(operation))).toEqual(['sendMail', 'createDraft']);
  expect(OPERATIONS.filter((operation) => !isReplyOrForward(operation))).toEqual(['sendMail', 'createDraft', 'send']);
});

test('Exchange adds recipients that we do not see to every reply, and to nothing else', () => {
  const hidden = OPERATIONS.filter((operation) => OPERATION_TABLE[operation].recipients === 'original');
  expect(hidden).toEqual(['reply', 'replyAll', 'createReply', 'createReplyAll']);
  expect(OPERATIONS.filter((operation) => OPERATION_TABLE[operation].recipients === 'draft')).toEqual(['send']);
});

describe('the rights', () => {
  test('of whatever makes a draft, or is too large for one request, are those to read and write', () => {
    for (const operation of OPERATIONS) {
      expect(rightsFor(operation, 'mime', true)).toBe('readWrite');
      if (isDraftOnly(operation))
        expect([rightsFor(operation, 'json', false), rightsFor(operation, 'mime', false)]).toEqual(['readWrite', 'readWrite']);
    }
  });

  test('to send alone suffice if one POST submits the mail', () => {
    const direct = WITH_BODY.flatMap((operation) =>
      (['json', 'mime'] as const)
        .filter((format) => rightsFor(operation, format, false) === 'send')
        .map((format) => `${operation} ${format}`),
    );
    expect(direct).toEqual(['sendMail json', 'sendMail mime', 'reply mime', 'replyAll mime', 'forward mime']);
  });

  test('of a format that the operation does not take are the most, and a draft that is sent is read before', () => {
    expect(rightsFor('sendMail', 'none', false)).toBe('readWrite');
    expect(rightsFor('send', 'none', false)).toBe('read');
  });
});

describe("Graph's paths", () => {
  test.each([
    ['sendMail', 'json', { submit: 'sendMail', draft: 'messages' }],
    ['createDraft', 'mime', { draft: 'messages' }],
    ['reply', 'json', { draft: 'messages/A%2B/createReply' }],
    ['replyAll', 'mime', { submit: 'messages/A%2B/replyAll', draft: 'messages/A%2B/createReplyAll' }],
    ['forward', 'mime', { submit: 'messages/A%2B/forward', draft: 'messages/A%2B/createForward' }],
    ['createForward', 'json', { draft: 'messages/A%2B/createForward' }],
  ] as const)('of %s in %s', (operation, format, paths) => {
    expect(graphPaths(operation, format, 'A%2B')).toEqual(paths);
  });

  test('of a draft lead to an operation that creates one', () => {
    for (const operation of WITH_BODY) {
      const made = OPERATIONS.find(
        (other) => OPERATION_TABLE[other].path.replace('{message}', 'x') === graphPaths(operation, 'json', 'x').draft,
      );
      expect(made && isDraftOnly(made)).toBe(true);
    }
  });
});
