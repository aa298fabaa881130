// Which reports suppress an address, for how long, and what a refusal says.
import { describe, expect, test } from 'vitest';
import {
  SUPPRESSION_RULES,
  type Suppression,
  suppressedAfter,
  suppressedIn,
  suppressedInWords,
  suppressedProblem,
  suppressionNow,
} from '../../../shared/domain/accept/suppression.ts';
import { classifyFailure } from '../../../shared/domain/reports/failure-class.ts';
import type { Report, ReportedRecipient } from '../../../shared/domain/reports/report.ts';

const at = (minutes: number): string => new Date(Date.parse('2026-01-15T09:00:00.000Z') + minutes * 60_000).toISOString();
const HOUR = 3_600_000;
const TO = [{ address: 'Person@example.com' }];
const report = (line: Partial<ReportedRecipient>, more: Partial<Report> = {}): Report => ({
  kind: 'ndr',
  recipients: [{ address: 'person@example.com', action: 'failed', ...line }],
  correlation: { inReplyTo: [], references: [] },
  basis: 'fields',
  ofOwnOrganization: true,
  hints: { exchangeNdrHeader: true },
  ...more,
});
const REFUSED = '550 5.4.1 Recipient address rejected: Access denied';

describe('a report suppresses the recipient that it calls non-existent', () => {
  test.each([
    ['5.1.1', {}],
    ['5.1.10', { diagnosticCode: '550 5.1.10 RESOLVER.ADR.RecipientNotFound' }],
    ['5.1.1', { remoteMta: 'mx.example.com' }],
    ['5.4.1', { diagnosticCode: REFUSED }],
    ['5.1.1', { originalRecipient: 'PERSON@example.com' }],
  ])('with %s %o', (status, more) => {
    expect(suppressedIn(report({ status, ...more }), TO)).toEqual([
      { address: 'Person@example.com', reason: expect.stringMatching(new RegExp(`^${status}: .`)) },
    ]);
  });

  test('though it names no action', () => {
    const { action: _action, ...line } = report({ status: '5.1.1' }).recipients[0] as ReportedRecipient;
    expect(suppressedIn(report({}, { recipients: [line] }), TO)).toHaveLength(1);
  });
});

describe('a report suppresses nobody', () => {
  test.each<[string, Partial<ReportedRecipient>, Partial<Report>?]>([
    ['with another code', { status: '5.2.2' }],
    ['without a code', { diagnosticCode: 'user unknown' }],
    ['if 5.4.1 means that the server does not relay', { status: '5.4.1', diagnosticCode: 'Relay access denied' }],
    ['if 5.4.1 says nothing more', { status: '5.4.1' }],
    ['on a delay', { status: '5.1.1', action: 'delayed' }],
    ['that is read from text', { status: '5.1.1' }, { basis: 'text' }],
    ['that is not about a failure', { status: '5.1.1' }, { kind: 'delay' }],
    ['on an address that the request does not have', { status: '5.1.1', address: 'other@example.com' }],
    [
      'if a forwarding of the recipient has failed',
      { status: '5.1.1', address: 'other@example.com', originalRecipient: 'person@example.com' },
    ],
    ['if the recipient was reached by way of another address', { status: '5.1.1', originalRecipient: 'group@example.com' }],
  ])('%s', (_, line, more) => {
    expect(suppressedIn(report(line, more), TO)).toEqual([]);
  });
});

test('every row of the table is a code of which the recipient is the cause', () => {
  for (const { code, text, reason } of SUPPRESSION_RULES) {
    expect(classifyFailure(code, text ? REFUSED : undefined).class).toBe('address');
    expect(reason).toBeTruthy();
  }
});

const REPORTED = { address: 'a@example.com', reason: '5.1.1: x', suppressedDateTime: at(0), sendRequestId: 'id', mailbox: 'm@contoso.com' };
const ON: Suppression = { ...REPORTED, expirationDateTime: at(60) };

describe('a suppression', () => {
  test('lasts from the report on, until its end', () => {
    expect(suppressedAfter({}, REPORTED, HOUR, at(5))).toEqual(ON);
    expect(suppressionNow({ suppression: ON }, at(59))).toBe(ON);
    expect(suppressionNow({ suppression: ON }, at(60))).toBeUndefined();
    expect(suppressionNow({}, at(0))).toBeUndefined();
  });

  test('is not written for a report that was read before, or late', () => {
    expect(suppressedAfter({ suppression: ON }, REPORTED, HOUR, at(5))).toBeUndefined();
    expect(suppressedAfter({}, REPORTED, HOUR, at(60))).toBeUndefined();
  });

  test('is renewed by a later report', () => {
    const later = { ...REPORTED, suppressedDateTime: at(10), sendRequestId: 'later' };
    expect(suppressedAfter({ suppression: ON }, later, HOUR, at(11))).toEqual({ ...later, expirationDateTime: at(70) });
  });

  test('that was lifted comes back by a report from after that only', () => {
    expect(suppressedAfter({ liftedDateTime: at(0) }, REPORTED, HOUR, at(5))).toBeUndefined();
    expect(suppressedAfter({ liftedDateTime: at(-1) }, REPORTED, HOUR, at(5))).toEqual(ON);
  });
});

describe('a refusal', () => {
  test('names each address, why and since when, the send request, the end, and how to lift it', () => {
    const { status, code, message } = suppressedProblem([ON, { ...ON, address: 'b@example.com' }]);
    expect({ status, code }).toEqual({ status: 400, code: 'ErrorInvalidRecipients' });
    for (const words of [
      'a@example.com',
      'b@example.com',
      '5.1.1: x',
      at(0),
      'send request id',
      at(60),
      'DELETE /v1.0/suppressions/{address}',
    ])
      expect(message).toContain(words);
  });

  test('names ten of many', () => {
    const many = Array.from({ length: 12 }, (_, n) => ({ ...ON, address: `a${n}@example.com` }));
    expect(suppressedProblem(many).message).toContain(' and 2 more. ');
    expect(suppressedProblem(many).message).not.toContain('a10@example.com');
    expect(suppressedInWords([ON])).toContain('a@example.com');
  });
});
