// From a parsed report to events of the life cycle.

import { describe, expect, test } from 'vitest';
import { candidateMessageIds, evidenceOf, ownFailure, recipientReports } from '../../../shared/domain/reconcile/report-events.ts';
import type { Report, ReportedRecipient } from '../../../shared/domain/reports/report.ts';

const AT = '2026-01-15T09:00:00.000Z';
const report = (kind: Report['kind'], recipients: ReportedRecipient[], more: Partial<Report> = {}): Report => ({
  kind,
  recipients,
  correlation: { inReplyTo: [], references: [] },
  basis: 'fields',
  ofOwnOrganization: true,
  hints: { exchangeNdrHeader: false },
  ...more,
});
const events = (parsed: Report) => recipientReports(parsed, [], 'mail', AT).map(({ event }) => event);

describe("a report's recipients", () => {
  test("each action is the event of that name, whatever the report's kind", () => {
    const actions = ['failed', 'delayed', 'delivered', 'relayed', 'expanded'] as const;
    const parsed = report(
      'ndr',
      actions.map((action) => ({ address: `${action}@example.com`, action })),
    );
    expect(events(parsed)).toEqual(['recipientFailed', 'recipientDelayed', 'recipientDelivered', 'recipientRelayed', 'recipientExpanded']);
  });

  test.each([
    ['ndr', 'recipientFailed'],
    ['delay', 'recipientDelayed'],
    ['delivered', 'recipientDelivered'],
    ['relayed', 'recipientRelayed'],
    ['expanded', 'recipientExpanded'],
  ] as const)('without an action the kind %s says it: %s', (kind, event) => {
    expect(events(report(kind, [{ address: 'p@example.com' }]))).toEqual([event]);
  });

  test('displayed is read and deleted is not read; every other disposition says neither', () => {
    const of = (disposition?: string) => report('mdn', [{ address: 'p@example.com', ...(disposition && { disposition }) }]);
    expect(events(of('displayed'))).toEqual(['recipientRead']);
    expect(events(of('deleted'))).toEqual(['recipientNotRead']);
    expect(events(of('dispatched'))).toEqual([]);
    expect(events(of())).toEqual([]);
  });

  test('a recipient without an address, and a mail that is no report, say nothing', () => {
    expect(events(report('ndr', [{ address: '', action: 'failed' }]))).toEqual([]);
    expect(events(report('none', [{ address: 'p@example.com' }]))).toEqual([]);
  });

  test('what the report says is kept verbatim, with its evidence and time', () => {
    const said = { status: '5.1.1', diagnosticCode: 'smtp; 550', remoteMta: 'mx.example.com', disposition: 'deleted' };
    const [full] = recipientReports(report('ndr', [{ address: 'p@example.com', action: 'failed', ...said }]), [], 'exchangeReport', AT);
    expect(full).toEqual({ address: 'p@example.com', event: 'recipientFailed', dateTime: AT, evidence: 'exchangeReport', ...said });
  });
});

describe('whom a report means', () => {
  const asked = (...addresses: string[]) => addresses.map((address) => ({ address, type: 'to' as const }));

  test('a report that names nobody can only mean the one recipient that there is', () => {
    expect(recipientReports(report('ndr', []), asked('only@example.com'), 'mail', AT)).toMatchObject([{ address: 'only@example.com' }]);
    expect(recipientReports(report('ndr', []), asked('a@example.com', 'b@example.com'), 'mail', AT)).toEqual([]);
  });

  test('where a server rewrote the address, the original one counts', () => {
    const rewritten = report('ndr', [{ address: 'new@example.net', originalRecipient: 'old@example.com' }]);
    expect(recipientReports(rewritten, asked('OLD@example.com'), 'mail', AT)[0]?.address).toBe('OLD@example.com');
    expect(recipientReports(rewritten, asked('new@example.net'), 'mail', AT)[0]?.address).toBe('new@example.net');
  });

  test('an address that nobody was sent to is the only recipient that is open, and is marked so', () => {
    const forwarded = report('ndr', [{ address: 'new@example.net', action: 'failed' }]);
    const [open] = asked('other@example.com');
    const done = { address: 'done@example.com', type: 'to' as const, action: 'delivered' as const };
    const inferred = { address: 'other@example.com', evidence: 'inferred' };
    expect(recipientReports(forwarded, [open!, done], 'exchangeReport', AT)).toMatchObject([inferred]);
    const booked = { ...open!, action: 'failed' as const, evidence: 'inferred' as const, reportedDateTime: AT };
    expect(recipientReports(forwarded, [booked, ...asked('a@example.com')], 'mail', AT)).toMatchObject([inferred]);
    const read = report('mdn', [{ address: 'new@example.net', disposition: 'displayed' }]);
    expect(recipientReports(read, [{ ...open!, disposition: 'displayed' }], 'mail', AT)).toMatchObject([inferred]);
    expect(recipientReports(read, asked('other@example.com'), 'mail', AT)).toMatchObject([inferred]);
  });

  test('with several open ones, or several lines, it stays an address of its own', () => {
    const lines = (...addresses: string[]) =>
      report(
        'ndr',
        addresses.map((address) => ({ address, action: 'failed' })),
      );
    const own = { address: 'new@example.net', evidence: 'mail' };
    expect(recipientReports(lines('new@example.net'), asked('a@example.com', 'b@example.com'), 'mail', AT)).toMatchObject([own]);
    expect(recipientReports(lines('new@example.net', 'x@example.net'), asked('a@example.com'), 'mail', AT)[0]).toMatchObject(own);
  });

  test('two lines on one rewritten address are one address', () => {
    const twice = ['NEW@example.net', '"new"@example.net'].map((address) => ({ address, action: 'failed' as const }));
    const booked = { address: 'other@example.com', evidence: 'inferred' };
    expect(recipientReports(report('ndr', twice), asked('other@example.com'), 'mail', AT)).toMatchObject([booked, booked]);
  });

  test('an address in xtext, or spelt otherwise, is that of the recipient', () => {
    const of = (address: string) => report('ndr', [{ address, action: 'failed' }]);
    const all = asked('bob+news@example.com', '"ryan."@example.com', 'a@ex\u00e4mple.com');
    expect(recipientReports(of('bob+2bnews@example.com'), all, 'mail', AT)[0]?.address).toBe('bob+news@example.com');
    expect(recipientReports(of('ryan.@example.com'), all, 'mail', AT)[0]?.address).toBe('"ryan."@example.com');
    expect(recipientReports(of('A@xn--exmple-cua.com'), all, 'mail', AT)[0]?.address).toBe('a@ex\u00e4mple.com');
  });
});

describe('the evidence', () => {
  test.each(['REPORT.IPM.Note.NDR', 'report.ipm.note.dr', 'REPORT.IPM.Note.IPNRN'])(
    "%s is a report of Exchange itself if the own organization's Exchange made it, and a stranger's mail otherwise",
    (itemClass) => {
      expect(evidenceOf(itemClass, { ofOwnOrganization: true })).toBe('exchangeReport');
      expect(evidenceOf(itemClass, { ofOwnOrganization: false })).toBe('mail');
    },
  );

  test.each(['IPM.Note', 'IPM.Note.REPORT.IPM.Note.NDR', '', undefined])('%s is a mail that anyone can have sent', (itemClass) => {
    expect(evidenceOf(itemClass, { ofOwnOrganization: true })).toBe('mail');
  });
});

describe('the Message-IDs that a report may be about', () => {
  test('come in the order In-Reply-To, the last of References, returned original, each once', () => {
    const correlation = { inReplyTo: ['<a@x>'], references: ['<old@x>', '<a@x>', '<new@x>'], originalMessageId: '<o@x>' };
    expect(candidateMessageIds(report('ndr', [], { correlation, originalMessageId: '<p@x>' }))).toEqual([
      '<a@x>',
      '<new@x>',
      '<o@x>',
      '<p@x>',
    ]);
  });

  test('may be none', () => {
    expect(candidateMessageIds(report('ndr', []))).toEqual([]);
  });
});

describe('a failure of our own account', () => {
  const failing = (more: Partial<ReportedRecipient>) => report('ndr', [{ address: 'p@example.com', action: 'failed', ...more }]);

  test('is told by its class, with the code and what it means', () => {
    const blocked = failing({ class: 'ownAccount', status: '5.1.8', diagnosticCode: 'smtp;550 5.1.8 Access denied, bad outbound sender' });
    expect(ownFailure(blocked)).toEqual({ statusCode: '5.1.8', meaning: 'the sending account is blocked for sending spam' });
    expect(ownFailure(failing({ class: 'ownAccount' }))?.statusCode).toBe('none');
  });

  test("is not what the recipient's side says", () => {
    expect(ownFailure(failing({ class: 'address', status: '5.1.10' }))).toBeUndefined();
    expect(ownFailure(failing({ class: 'recipientPolicy', status: '5.2.2' }))).toBeUndefined();
  });

  const said = { class: 'ownAccount', status: '5.7.705' } as const;
  test.each([
    ['x.prod.outlook.com'],
    ['dns; contoso-com.mail.protection.outlook.com'],
    ['contoso-com.x-v1.mx.microsoft.'],
    ['x.eurprd01.prod.exchangelabs.com'],
    ['x.mail.protection.office365.us'],
    ['x.partner.outlook.cn'],
    [''],
    ['dns;'],
    [undefined],
  ])("counts from Microsoft's own server, or from none: %s", (remoteMta) => {
    expect(ownFailure(failing({ ...said, ...(remoteMta !== undefined && { remoteMta }) }))?.statusCode).toBe('5.7.705');
  });

  test.each([
    ['mx.example.org'],
    ['outlook.com.example.org'],
    ['evil-outlook.com'],
    ['x.outlook.com.evil.example'],
    ['x.outlook.com (mx.example.org)'],
    ['mx.example.org; x.outlook.com'],
    ['dns;dns;mx.example.org'],
    ['microsoft'],
  ])('does not count from another server: %s', (remoteMta) => {
    expect(ownFailure(failing({ ...said, remoteMta }))).toBeUndefined();
  });

  test("does not count if a report's text has lost the server's name", () => {
    const line = { address: 'p@example.com', action: 'failed', ...said } as const;
    expect(ownFailure(report('ndr', [line], { basis: 'text' }))).toBeUndefined();
    expect(ownFailure(report('ndr', [{ ...line, remoteMta: 'x.outlook.com' }], { basis: 'text' }))).toBeDefined();
  });

  test('is found on whichever recipient it stands', () => {
    const other = { address: 'o@example.com', action: 'failed', ...said, remoteMta: 'mx.example.org' } as const;
    const own = { address: 'p@example.com', action: 'failed', ...said, status: '5.1.8' } as const;
    expect(ownFailure(report('ndr', [other, own]))?.statusCode).toBe('5.1.8');
  });

  test('names the limit if it is the whole tenant that Exchange refuses, which counts before the account', () => {
    const account = { address: 'o@example.com', action: 'failed', ...said, status: '5.1.8' } as const;
    const tenant = { address: 'p@example.com', action: 'failed', class: 'ownTenant', status: '5.7.233' } as const;
    expect(ownFailure(report('ndr', [account, tenant]))).toEqual({
      statusCode: '5.7.233',
      meaning: "the tenant's daily limit of external recipients is reached",
      limit: { reach: 'external', windowMs: 86_400_000 },
    });
    expect(ownFailure(report('ndr', [{ ...tenant, remoteMta: 'mx.example.org' }]))).toBeUndefined();
  });
});
