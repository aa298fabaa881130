// Telemetry lines: one JSON object each, and nobody's address but the sending mailbox's.
import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import { LogTelemetry } from '../../../shared/adapters/telemetry/log-telemetry.ts';

const lineOf = (properties: Record<string, string | number | boolean | undefined>): Record<string, unknown> => {
  const lines: string[] = [];
  new LogTelemetry((line) => lines.push(line)).event('submissionAccepted', properties);
  expect(lines).toHaveLength(1);
  expect(lines[0]).not.toContain('\n');
  expect(lines[0]).toMatch(/^\{"event":"submissionAccepted"/);
  return JSON.parse(lines[0] ?? '') as Record<string, unknown>;
};

it('an event is one line of JSON with its properties', () => {
  const line = lineOf({ sendRequestId: 'id', mailbox: 'sender@contoso.com', attempt: 2, urgent: true, errorCode: undefined });
  expect(line).toEqual({ event: 'submissionAccepted', sendRequestId: 'id', mailbox: 'sender@contoso.com', attempt: 2, urgent: true });
});

it('addresses in the words of a server are left out', () => {
  const reason = '550 5.1.1 <bob@example.com>: user unknown;\nrcpt to:anna.b+c@sub.example.com, (x@y)';
  expect(lineOf({ reason })['reason']).toBe('550 5.1.1 <(address)>: user unknown;\nrcpt to:(address), ((address))');
});

it('with a key, mailboxes are told apart and not named', () => {
  const lines: string[] = [];
  const telemetry = new LogTelemetry((line) => lines.push(line), 'a key of sixteen');
  for (const mailbox of ['a@contoso.com', 'b@contoso.com', 'a@contoso.com'])
    telemetry.event('mailboxUnreadable', { mailbox, reason: '403' });
  telemetry.event('reconciled', { visited: 1 });
  expect(lines.join()).not.toContain('@');
  expect(lines[0]).toBe(lines[2]);
  expect(lines[0]).not.toBe(lines[1]);
  const hash = createHmac('sha256', 'a key of sixteen').update('a@contoso.com').digest('hex').slice(0, 16);
  expect(JSON.parse(lines[0] ?? '')).toEqual({ event: 'mailboxUnreadable', mailbox: hash, reason: '403' });
  expect(JSON.parse(lines[3] ?? '')).toEqual({ event: 'reconciled', visited: 1 });
});

it('long words are cut', () => {
  expect(lineOf({ reason: 'x'.repeat(5_000) })['reason']).toHaveLength(1_000);
});
