// $filter, $top and $skiptoken: what is understood, and what is refused by name.
import { describe, expect, test } from 'vitest';
import { matches, wantsFailures } from '../../../shared/domain/log/filter.ts';
import { readListOptions, skipTokenOf } from '../../../shared/domain/log/list-options.ts';
import { parseFilter } from '../../../shared/domain/log/parse-filter.ts';
import { isSortKey, makeSendRequestId, newestFirst, newestFirstAt } from '../../../shared/domain/log/send-request-id.ts';
import { record } from '../../support/samples.ts';

const T = '2026-01-31T08:00:00Z';
const t = Date.parse(T);
const ID = makeSendRequestId(t, 'ada@contoso.com', new Uint8Array(14));

describe('$filter', () => {
  test.each<[string, object]>([
    ["status eq 'failed'", { status: 'failed' }],
    [`createdDateTime ge ${T}`, { createdFrom: t }],
    [`createdDateTime gt ${T}`, { createdFrom: t + 1 }],
    [`createdDateTime lt ${T}`, { createdUntil: t }],
    [`createdDateTime le '${T}'`, { createdUntil: t + 1 }],
    [`createdDateTime eq 2026-01-31T09:00:00.000+01:00`, { createdFrom: t, createdUntil: t + 1 }],
    [`createdDateTime ge ${T} and createdDateTime lt 2026-02-01T08:00:00Z`, { createdFrom: t, createdUntil: t + 86_400_000 }],
    [`createdDateTime ge ${T} and createdDateTime gt 2026-01-01T08:00:00Z`, { createdFrom: t }],
    [`createdDateTime le ${T} and createdDateTime lt 2026-01-01T08:00:00Z`, { createdUntil: Date.parse('2026-01-01T08:00:00Z') }],
    ["application eq '6A1B9A34-91a5-4c39-a3d7-0f5f3f4e1001'", { application: '6a1b9a34-91a5-4c39-a3d7-0f5f3f4e1001' }],
    ["mailbox eq 'Ada@Contoso.com'", { mailbox: 'ada@contoso.com' }],
    ["recipient eq 'O''Brien@Example.com'", { recipient: "O'Brien@Example.com" }],
    ["recipients/any(r:r/address eq 'a@b.c')", { recipient: 'a@b.c' }],
    ["recipients/any(r: r/address eq 'a@b.c') and status eq 'sent'", { recipient: 'a@b.c', status: 'sent' }],
    ["internetMessageId eq '<A.b@c>'", { internetMessageId: '<A.b@c>' }],
    [`id eq '${ID.toUpperCase()}'`, { id: ID }],
    ["status ne 'failed' and status ne 'closed'", { statusNot: ['failed', 'closed'] }],
    ["failureClass eq 'ownTenant'", { failureClass: 'ownTenant' }],
    ['hasFailures eq true', { failedFrom: 1 }],
    ['hasFailures ne true', { failedUntil: 1 }],
    ['hasFailures eq false', { failedUntil: 1 }],
    ['hasFailures ne false', { failedFrom: 1 }],
    ['recipientCounts/failed gt 0', { failedFrom: 1 }],
    ['recipientCounts/failed ge 2 and recipientCounts/failed le 4', { failedFrom: 2, failedUntil: 5 }],
    ['recipientCounts/failed eq 0', { failedFrom: 0, failedUntil: 1 }],
    [`lastModifiedDateTime ge ${T}`, { modifiedFrom: t }],
    [`lastModifiedDateTime gt ${T}`, { modifiedFrom: t + 1 }],
    ["contains(subject,'Ada''s order, late')", { subject: [{ by: 'contains', text: "Ada's order, late" }] }],
    [
      "startswith(subject, 'Invoice') eq true and contains(subject,'42')",
      {
        subject: [
          { by: 'startsWith', text: 'Invoice' },
          { by: 'contains', text: '42' },
        ],
      },
    ],
    ["((clientRequestId eq 'x y') and (status eq 'queued'))", { clientRequestId: 'x y', status: 'queued' }],
  ])('%s', (text, filter) => {
    expect(parseFilter(text)).toEqual({ ok: true, value: filter });
  });

  test.each([
    ['', 'it ends too early'],
    ['status', 'it ends too early'],
    ["status eq 'lost'", 'status must be one of queued'],
    ["status has 'failed'", "the operator 'has' is not supported"],
    ["application ne 'x'", 'application can only be compared by eq.'],
    ["status ge 'failed'", 'status can only be compared by eq, ne.'],
    ['status eq failed', 'compared with a text in single quotes'],
    ["subject eq 'x'", "could not find a property named 'subject'"],
    ["constructor eq 'x'", "could not find a property named 'constructor'"],
    ["status eq 'failed' or status eq 'sent'", "'or' is not allowed there"],
    ["status eq 'failed' and status eq 'sent'", 'status occurs twice'],
    ['createdDateTime ge yesterday', 'a time such as'],
    ['createdDateTime ge 2026-13-45T08:00:00Z', 'a time such as'],
    ["(status eq 'failed'", 'it ends too early'],
    ["(status eq 'failed' status", "')' is missing"],
    ["recipients/any(r:r/type eq 'to')", 'by address only'],
    ["recipients/any(r:s/address eq 'x')", 'by address only'],
    ["mailbox eq '../x'", 'the name of a mailbox'],
    ["id eq '42'", 'the id of a send request'],
    ['recipientCounts/failed gt none', 'recipientCounts/failed must be compared with a whole number'],
    ["recipientCounts/failed gt '0'", 'a whole number'],
    ['recipientCounts/failed ne 0', 'recipientCounts/failed can only be compared by eq, ge, gt, le, lt.'],
    ['recipientCounts/total gt 1', "could not find a property named 'recipientCounts/total'"],
    ["failureClass eq 'tenant'", 'failureClass must be one of address, ownAccount, ownTenant, recipientPolicy'],
    ["failureClass ne 'address'", 'failureClass can only be compared by eq'],
    ["hasFailures eq 'true'", 'hasFailures must be compared with true or false'],
    ['hasFailures', 'it ends too early'],
    [`lastModifiedDateTime lt ${T}`, 'lastModifiedDateTime can only be compared by ge, gt.'],
    ["contains(recipient,'x')", "contains can be asked of subject only, and not of 'recipient'"],
    ['contains(subject,x)', 'subject must be compared with a text in single quotes'],
    ["contains(subject 'x')", "',' is missing"],
    ["contains(subject,'x') eq false", "'true' is missing"],
    ["endswith(subject,'x')", "the function 'endswith' is not supported: there are contains, startswith."],
    ["constructor(subject,'x')", "the function 'constructor' is not supported"],
    ["status eq 'failed", 'syntax error at position 10'],
    ["status eq 'failed'; drop", 'syntax error at position 18'],
    [`status eq '${'x'.repeat(2000)}'`, 'longer than 2000'],
  ])('%s is refused', (text, why) => {
    const parsed = parseFilter(text);
    expect(parsed).toMatchObject({ ok: false, problem: { status: 400, code: 'BadRequest' } });
    expect(parsed.ok ? '' : parsed.problem.message).toMatch(/^Invalid filter clause: /);
    expect(parsed.ok ? '' : parsed.problem.message).toContain(why);
  });

  test('a bug in reading it is not taken for a mistake in it', () => {
    expect(() => parseFilter(undefined as unknown as string)).toThrow(TypeError);
    const odd = { length: 1, toString: () => Promise.reject(new Error('no text')).catch(() => '') };
    expect(() => parseFilter(odd as unknown as string)).toThrow(TypeError);
  });

  test('a thousand brackets are only brackets', () => {
    expect(parseFilter(`${'('.repeat(900)}status eq 'sent'${')'.repeat(900)}`)).toMatchObject({ ok: true });
  });
});

test('a record is meant when everything holds', () => {
  const made = record('ada@contoso.com', {
    subject: 'Our Café',
    clientRequestId: 'c',
    createdDateTime: '2026-01-31T08:00:00.000Z',
    lastModifiedDateTime: '2026-01-31T08:00:00.000Z',
    failureClass: 'address',
    recipientCounts: { total: 2, failed: 1, delayed: 0, delivered: 0, relayed: 0, expanded: 0, read: 0, notRead: 0 },
  });
  const { application } = made;
  for (const filter of [
    {},
    { status: 'queued' },
    { createdFrom: t, createdUntil: t + 1 },
    { application },
    { clientRequestId: 'c' },
    { id: made.id },
    { statusNot: ['failed'] },
    { failedFrom: 1, failedUntil: 2 },
    { failureClass: 'address' },
    { modifiedFrom: t },
    { subject: [{ by: 'contains', text: 'café' }] },
    { subject: [{ by: 'startsWith', text: 'OUR CAFE\u0301' }] },
  ] as const) {
    expect(matches(filter, made)).toBe(true);
  }
  for (const filter of [
    { status: 'sent' },
    { createdFrom: t + 1 },
    { createdUntil: t },
    { application: 'x' },
    { clientRequestId: 'd' },
    { id: ID },
    { statusNot: ['failed', 'queued'] },
    { failedFrom: 2 },
    { failedUntil: 1 },
    { failureClass: 'ownTenant' },
    { modifiedFrom: t + 1 },
    { subject: [{ by: 'startsWith', text: 'café' }] },
    {
      subject: [
        { by: 'contains', text: 'café' },
        { by: 'contains', text: 'rot' },
      ],
    },
  ] as const) {
    expect(matches(filter, made)).toBe(false);
  }
  const { subject: _, ...unnamed } = made;
  expect(matches({ subject: [{ by: 'contains', text: 'a' }] }, unnamed)).toBe(false);
  expect(matches({ subject: [{ by: 'contains', text: '' }] }, unnamed)).toBe(true);
});

test('failures are asked for by their number, or by whose matter they are', () => {
  expect(wantsFailures({ failedFrom: 1 })).toBe(true);
  expect(wantsFailures({ failureClass: 'ownTenant' })).toBe(true);
  for (const filter of [{}, { failedFrom: 0 }, { failedUntil: 1 }]) expect(wantsFailures(filter)).toBe(false);
});

describe('options of a list', () => {
  const key = newestFirst(makeSendRequestId(t, 'ada@contoso.com', new Uint8Array(14)));
  const read = (options: Record<string, string>) => readListOptions(Object.entries(options));

  test('are fifty, and the beginning, where nothing is asked', () => {
    expect(read({})).toEqual({ ok: true, value: { filter: {}, top: 50, scope: '\n' } });
  });

  test('are read in any case; what is no option of OData is left alone', () => {
    const options = { $FILTER: "status eq 'sent'", $top: '1000', $skipToken: skipTokenOf(key), code: 'key' };
    expect(read(options)).toEqual({ ok: true, value: { filter: { status: 'sent' }, top: 1000, after: key, scope: "\nstatus eq 'sent'" } });
  });

  test.each([
    ['$top', '0'],
    ['$top', '1001'],
    ['$top', '-1'],
    ['$top', '1e2'],
    ['$skiptoken', 'x'],
    ['$skiptoken', `p1-${key.slice(1)}`],
    ['$skiptoken', `p1-${key}'`],
    ['$skiptoken', `p1-0${key.slice(1)}`],
    ['$skip', '10'],
    ['$orderby', 'createdDateTime'],
    ['$filter', 'x'],
  ])('%s=%s is refused', (name, value) => {
    expect(read({ [name]: value })).toMatchObject({ ok: false, problem: { status: 400, code: 'BadRequest' } });
  });
});

test.each<[object, boolean]>([
  [{ failedFrom: 1 }, true],
  [{ failureClass: 'address' }, true],
  [{ failedFrom: 0 }, false],
  [{ failedUntil: 1 }, false],
  [{}, false],
])('whether %o means send requests with failures only: %s', (filter, expected) => {
  expect(wantsFailures(filter)).toBe(expected);
});

test('the keys of a time come before those of an earlier one', () => {
  expect(newestFirstAt(t) < newestFirstAt(t - 1)).toBe(true);
  expect([newestFirstAt(-1), newestFirstAt(Number.POSITIVE_INFINITY)]).toEqual([newestFirstAt(0), '0000000000']);
  expect(isSortKey('')).toBe(false);
});
