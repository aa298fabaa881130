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
  ['5.1.0', 'Sender denied', 'recipientPolicy'],
  ['5.1.0', 'Address rejected', 'address'],
  ['5.1.8', 'Access denied, bad outbound sender', 'ownAccount'],
  ['5.1.8', 'Sender address rejected', 'recipientPolicy'],
  ['5.1.90', '', 'ownAccount'],
  ['5.1.92', '', 'recipientPolicy'],
  ['5.1.92', 'You have reached your daily limit for message recipients', 'ownAccount'],
  ['5.1.95', 'the submission quota of the sender is exceeded', 'ownAccount'],
  ['5.1.99', 'The user is unknown', 'address'],
  ['5.2.2', 'Submission quota exceeded', 'ownAccount'],
  ['5.2.2', 'STOREDRV.Deliver: mailbox full', 'recipientPolicy'],
  ['5.4.1', 'Relay access denied', 'recipientPolicy'],
  ['5.4.1', 'Recipient address rejected: Access denied', 'address'],
  ['5.4.1', 'no answer from host', 'recipientPolicy'],
  ['5.5.0', 'Requested action not taken: mailbox unavailable', 'address'],
  ['5.5.0', 'not accepting connections', 'recipientPolicy'],
  ['5.7.1', 'RESOLVER.RST.AuthRequired; authentication required', 'recipientPolicy'],
  ['5.7.1', 'User unknown', 'address'],
  ['5.7.1', 'MapiExceptionSendAsDenied: send as denied', 'ownAccount'],
  ['5.7.504', '', 'address'],
  ['5.7.501', '', 'ownAccount'],
  ['5.7.520', '', 'ownAccount'],
  ['5.7.232', '', 'ownTenant'],
  ['5.7.233', '', 'ownTenant'],
  ['5.7.236', '', 'ownTenant'],
  ['5.7.503', 'Access denied, banned sender', 'ownAccount'],
  ['5.7.1', 'tenant exceeded its daily limit for sending email to external recipients', 'recipientPolicy'],
  ['5.7.299', 'Your message cannot be sent because your tenant exceeded its daily limit', 'ownTenant'],
  [undefined, '550 Access denied, tenant has exceeded threshold', 'ownTenant'],
  ['5.7.705', '', 'ownTenant'],
  ['5.7.708', '', 'ownTenant'],
  ['5.7.750', '', 'ownTenant'],
  ['5.7.133', '', 'recipientPolicy'],
  ['4.7.500', '', 'ownTenant'],
  ['4.7.849', '', 'recipientPolicy'],
  ['5.0.0', 'no such user here', 'address'],
  ['5.3.0', 'host or domain name not found', 'address'],
  [undefined, 'The recipient name is not recognized', 'address'],
  [undefined, undefined, 'recipientPolicy'],
  ['5.9.9', 'anything', 'recipientPolicy'],
])('%s with "%s" is a matter of the %s', (status, text, expected) => {
  expect(classifyFailure(status, text).class).toBe(expected);
});

test('what a foreign host says never counts against our own account', () => {
  expect(classifyFailure('5.1.8', 'bad outbound sender', 'mx.fabrikam.com').class).toBe('recipientPolicy');
  expect(classifyFailure('5.7.705', 'x', 'mx.fabrikam.com').class).toBe('recipientPolicy');
  expect(classifyFailure('5.7.705', 'x', 'contoso-com.mail.protection.outlook.com').class).toBe('ownTenant');
  expect(classifyFailure(undefined, 'tenant has exceeded threshold', 'mx.fabrikam.com').class).toBe('recipientPolicy');
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

test('a row blames the whole tenant if and only if it says which of its mail is stopped', () => {
  for (const rule of FAILURE_RULES) expect(rule.limit !== undefined, rule.code).toBe(rule.class === 'ownTenant');
});

test.each([
  ['5.7.232', { reach: 'external', windowMs: 86_400_000 }],
  ['5.7.233', { reach: 'external', windowMs: 86_400_000 }],
  ['5.7.236', { reach: 'externalFromDefaultDomain', windowMs: 86_400_000 }],
  ['5.7.705', { reach: 'all' }],
  ['5.7.708', { reach: 'all' }],
  ['5.7.750', { reach: 'all' }],
])('%s stops %o', (status, limit) => {
  expect(classifyFailure(status, undefined).limit).toEqual(limit);
});

test.each([
  ['contoso-com.mail.protection.outlook.com', 'ownAccount'],
  ['dns; AM0PR01MB1234.eurprd01.prod.exchangelabs.com', 'ownAccount'],
  ['contoso-com.k-v1.mx.microsoft', 'ownAccount'],
  ['contoso-com.mail.protection.partner.outlook.cn', 'ownAccount'],
  ['mx.microsoft.example.org', 'recipientPolicy'],
  ['notoutlook.com', 'recipientPolicy'],
])('%s speaks of our account: %s', (remoteMta, expected) => {
  expect(classifyFailure('5.1.8', 'Access denied, bad outbound sender', remoteMta).class).toBe(expected);
});
