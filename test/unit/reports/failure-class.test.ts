// Whose matter a failure is, code by code.

import { expect, test } from 'vitest';
import { classifyFailure, codeMatches } from '../../../shared/domain/reports/failure-class.ts';
import { FAILURE_RULES } from '../../../shared/domain/reports/failure-class-rules.ts';

const firstCode = (pattern: string) => pattern.replace(/-\d+$/, '');

test.each(FAILURE_RULES.filter((rule) => rule.text === undefined && rule.code !== '*').map((rule) => [rule.code, rule] as const))(
  'without telling words %s has its own row',
  (code, rule) => {
    expect(classifyFailure(firstCode(code), undefined)).toBe(rule);
    expect(rule.meaning && rule.whatToDo).toBeTruthy();
  },
);

test.each([
  ['5.1.1', 'user unknown', 'address'],
  ['5.1.10', 'RESOLVER.ADR.RecipientNotFound', 'address'],
  ['5.1.0', 'Sender denied', 'recipient-policy'],
  ['5.1.0', 'Address rejected', 'address'],
  ['5.1.8', 'Access denied, bad outbound sender', 'own-account'],
  ['5.1.8', 'Sender address rejected', 'recipient-policy'],
  ['5.1.90', '', 'own-account'],
  ['5.1.92', '', 'recipient-policy'],
  ['5.1.92', 'You have reached your daily limit for message recipients', 'own-account'],
  ['5.1.95', 'the submission quota of the sender is exceeded', 'own-account'],
  ['5.1.99', 'The user is unknown', 'address'],
  ['5.2.2', 'Submission quota exceeded', 'own-account'],
  ['5.2.2', 'STOREDRV.Deliver: mailbox full', 'recipient-policy'],
  ['5.4.1', 'Relay access denied', 'recipient-policy'],
  ['5.4.1', 'Recipient address rejected: Access denied', 'address'],
  ['5.4.1', 'no answer from host', 'recipient-policy'],
  ['5.5.0', 'Requested action not taken: mailbox unavailable', 'address'],
  ['5.5.0', 'not accepting connections', 'recipient-policy'],
  ['5.7.1', 'RESOLVER.RST.AuthRequired; authentication required', 'recipient-policy'],
  ['5.7.1', 'User unknown', 'address'],
  ['5.7.1', 'MapiExceptionSendAsDenied: send as denied', 'own-account'],
  ['5.7.504', '', 'address'],
  ['5.7.501', '', 'own-account'],
  ['5.7.520', '', 'own-account'],
  ['5.7.705', '', 'own-account'],
  ['5.7.708', '', 'own-account'],
  ['5.7.750', '', 'own-account'],
  ['5.7.133', '', 'recipient-policy'],
  ['4.7.500', '', 'own-account'],
  ['4.7.849', '', 'recipient-policy'],
  ['5.0.0', 'no such user here', 'address'],
  ['5.3.0', 'host or domain name not found', 'address'],
  [undefined, 'The recipient name is not recognized', 'address'],
  [undefined, undefined, 'recipient-policy'],
  ['5.9.9', 'anything', 'recipient-policy'],
])('%s with "%s" is a matter of the %s', (status, text, expected) => {
  expect(classifyFailure(status, text).class).toBe(expected);
});

test('what a foreign host says never counts against our own account', () => {
  expect(classifyFailure('5.1.8', 'bad outbound sender', 'mx.fabrikam.com').class).toBe('recipient-policy');
  expect(classifyFailure('5.7.705', 'x', 'mx.fabrikam.com').class).toBe('recipient-policy');
  expect(classifyFailure('5.7.705', 'x', 'contoso-com.mail.protection.outlook.com').class).toBe('own-account');
});

test.each([
  ['5.7.606-649', '5.7.606', true],
  ['5.7.606-649', '5.7.649', true],
  ['5.7.606-649', '5.7.650', false],
  ['5.7.606-649', '4.7.610', false],
  ['5.7.606-649', undefined, false],
  ['5.1.1', '5.1.10', false],
  ['*', undefined, true],
])('the pattern %s on %s: %s', (pattern, status, expected) => {
  expect(codeMatches(pattern, status)).toBe(expected);
});
