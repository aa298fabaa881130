// What telemetry says of a failed recipient comes from the fields of the report, whatever words a remote server puts into its text.
import { expect, test } from 'vitest';
import type { TimelineEvent } from '../../../shared/domain/log/apply-event.ts';
import { applyReports } from '../../../shared/domain/log/apply-reports.ts';
import type { RecipientReport } from '../../../shared/domain/reconcile/recipients.ts';
import { statusEventProperties } from '../../../shared/usecases/log/event-telemetry.ts';
import { recipients, record } from '../../support/samples.ts';

const AT = '2026-02-03T04:05:06.000Z';

function failureOf(fields: Partial<RecipientReport>) {
  const one = recipients(1);
  const report: RecipientReport = {
    address: one[0]?.address as string,
    event: 'recipientFailed',
    dateTime: AT,
    evidence: 'exchangeReport',
    ...fields,
  };
  const applied = applyReports(record('sender@contoso.com', { status: 'sent' }), one, [report], 'r1');
  const [event] = applied.events as [TimelineEvent];
  const { statusCode, failureClass } = statusEventProperties(applied.record, event, AT);
  return { statusCode, failureClass };
}

test.each([
  ['our own account, by Exchange', { status: '5.1.8', diagnosticCode: '550 5.1.8 blocked', remoteMta: 'x.outlook.com' }, 'ownAccount'],
  [
    'a foreign server that writes of one of Exchange',
    { status: '5.1.8', diagnosticCode: '550 5.1.8 blocked; from x.outlook.com', remoteMta: 'mx.example.org' },
    failureOf({ status: '5.1.8', diagnosticCode: '550 5.1.8 blocked', remoteMta: 'mx.example.org' }).failureClass,
  ],
  [
    'a server of Exchange that quotes a foreign one',
    { status: '5.1.8', diagnosticCode: '550 5.1.8 blocked; from mx.example.org', remoteMta: 'x.outlook.com' },
    'ownAccount',
  ],
])('%s', (_, fields, failureClass) => {
  expect(failureOf(fields)).toEqual({ statusCode: '5.1.8', failureClass });
});

test('a foreign server never speaks of our own account', () => {
  expect(failureOf({ status: '5.1.8', diagnosticCode: '550 blocked', remoteMta: 'mx.example.org' }).failureClass).not.toBe('ownAccount');
});

test('a status that is no enhanced status code is left out', () => {
  expect(failureOf({ status: 'hello; world' }).statusCode).toBeUndefined();
});
