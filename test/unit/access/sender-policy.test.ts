// The sender policy: what it must look like, one name per mailbox, and what fits a pattern.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { explain, policySchema } from '../../../scripts/policy/explain.ts';
import { hasRole, mayManage, maySee } from '../../../shared/domain/accept/caller.ts';
import { fits, isKnown, readSenderPolicy, resolveMailbox } from '../../../shared/domain/accept/sender-policy.ts';
import { judgeMailbox } from '../../../shared/domain/accept/sending-decision.ts';
import { domainFits } from '../../../shared/domain/address/domain-name.ts';
import { ALERTS, BILLING, caller, document, OBJECT_ID, policyOf } from './policies.ts';

const problemsOf = (value: unknown): string[] => {
  const read = readSenderPolicy(value);
  return read.ok ? [] : read.problems;
};

describe('a mailbox', () => {
  test('has one canonical name, whichever of its names is used', () => {
    const policy = policyOf();
    for (const name of ['invoices@contoso.com', 'billing@contoso.com', OBJECT_ID])
      expect(resolveMailbox(policy, name)).toBe('invoices@contoso.com');
    expect(resolveMailbox(policy, 'other@contoso.com')).toBe('other@contoso.com');
  });

  test('is known where any line speaks of it, and under its canonical name only', () => {
    const policy = policyOf();
    expect(isKnown(policy, 'invoices@contoso.com')).toBe(true);
    expect(isKnown(policy, 'ceo@contoso.com')).toBe(true);
    expect(isKnown(policy, 'anything@alerts.contoso.com')).toBe(true);
    expect(isKnown(policy, 'anything@contoso.com')).toBe(false);
  });
});

test.each([
  ['*@contoso.com', 'ada@contoso.com', true],
  ['*@contoso.com', 'ada@mail.contoso.com', false],
  ['*@contoso.com', 'ada@notcontoso.com', false],
  ['*@contoso.com', 'ada@contoso.com@fabrikam.com', false],
  ['ada@contoso.com', 'ada@contoso.com', true],
  ['ada@contoso.com', 'adа@contoso.com', false],
])('the pattern %s and the name %s: %s', (pattern, name, expected) => {
  expect(fits(pattern, name)).toBe(expected);
});

test.each([
  ['example.com', 'example.com', true],
  ['example.com', 'mail.example.com', false],
  ['*.example.com', 'mail.example.com', true],
  ['*.example.com', 'example.com', false],
  ['*.example.com', 'badexample.com', false],
])('the domain pattern %s and %s: %s', (pattern, domain, expected) => {
  expect(domainFits(pattern, domain)).toBe(expected);
});

describe('a document', () => {
  const application = { name: 'A', applicationId: 'a', mailboxes: ['a@contoso.com'] };

  test.each([
    ['nothing', undefined, 'the policy: '],
    ['a misspelt property', { applications: [{ ...application, mailbox: [] }] }, 'applications[0]: Unrecognized key: "mailbox"'],
    ['a pattern that is too wide', { applications: [{ ...application, mailboxes: ['*'] }] }, 'applications[0].mailboxes[0]: must be'],
    ['a From without domain', { applications: [{ ...application, from: ['ada'] }] }, 'applications[0].from[0]: must be'],
    ['no mailbox', { applications: [{ ...application, mailboxes: [] }] }, 'applications[0].mailboxes: '],
    ['a wrong limit', { applications: [{ ...application, mailsPerDay: 0 }] }, 'applications[0].mailsPerDay: '],
    ['a wrong domain', { applications: [{ ...application, recipientDomains: ['a@b'] }] }, 'applications[0].recipientDomains[0]: must be'],
    [
      'one application twice',
      { applications: [application, { ...application, applicationId: 'A' }] },
      'applications[1].applicationId: applications[0] has the same id',
    ],
    [
      'one name for two mailboxes',
      { mailboxes: [{ name: 'a@b.c' }, { name: 'd@b.c', otherNames: ['A@b.c'] }], applications: [] },
      'mailboxes[1].otherNames[0]: "A@b.c" is already a name of a@b.c',
    ],
    ['one mailbox twice', { mailboxes: [{ name: 'a@b.c' }, { name: 'A@B.C' }], applications: [] }, 'mailboxes[1].name: '],
    [
      'a name that cannot be a mailbox',
      { mailboxes: [{ name: 'a..b@c..d' }], applications: [] },
      'mailboxes[0].name: "a..b@c..d" cannot be a mailbox',
    ],
  ])('with %s is refused, naming the place', (_, value, problem) => {
    expect(problemsOf(value)[0]).toContain(problem);
  });

  test('tells of all its problems at once', () => {
    expect(problemsOf({ applications: [{ ...application, name: '', mailsPerDay: 0 }] })).toHaveLength(2);
  });

  test('may be empty: then nobody may do anything', () => {
    expect(policyOf({ applications: [] }).applications.size).toBe(0);
  });
});

describe('the published schema and example', () => {
  const infra = (name: string) => readFileSync(new URL(`../../../infra/${name}`, import.meta.url), 'utf8');

  test('the schema is the one that documents are checked by (npx graph-mail-queue policy schema > infra/sender-policy.schema.json)', () => {
    expect(JSON.parse(infra('sender-policy.schema.json'))).toEqual(JSON.parse(policySchema()));
  });

  test('the example is a good policy', () => {
    expect(explain(infra('sender-policy.example.json'))).toMatchObject({ ok: true });
  });
});

describe('roles', () => {
  const operator = caller('operator', { roles: ['SendRequests.Read.All', 'SendRequests.Manage.All'] });

  test('an application sees and manages its own, an operator all', () => {
    expect([maySee(caller(BILLING), BILLING), maySee(caller(BILLING), ALERTS), maySee(operator, ALERTS)]).toEqual([true, false, true]);
    expect([mayManage(caller(BILLING), BILLING), mayManage(caller(BILLING), ALERTS), mayManage(operator, ALERTS)]).toEqual([
      true,
      false,
      true,
    ]);
  });

  test('who only reads manages nothing, not even its own', () => {
    const reader = caller(BILLING, { roles: ['SendRequests.Read.All'] });
    expect([maySee(reader, ALERTS), mayManage(reader, ALERTS), mayManage(reader, BILLING)]).toEqual([true, false, false]);
    expect(hasRole(reader, 'SendRequests.Create')).toBe(false);
  });
});

describe('npx graph-mail-queue policy check', () => {
  const text = JSON.stringify(document, undefined, 1);
  const lineOf = (part: string) => text.slice(0, text.indexOf(part)).split('\n').length;
  const ask = (more: object) => explain(text, { app: BILLING, mailbox: 'billing@contoso.com', to: [], size: 0, delegated: false, ...more });

  test('names the line that allows', () => {
    expect(ask({})).toEqual({
      ok: true,
      lines: [
        `yes, ${BILLING} as billing@contoso.com (invoices@contoso.com): line ${lineOf('"billing@contoso.com"\n   ],\n   "from"')} (applications[0].mailboxes[0])`,
      ],
    });
    expect(ask({ from: 'noreply@contoso.com' }).lines[0]).toContain(`line ${lineOf('"NoReply')} (applications[0].from[0])`);
  });

  test('names the line that comes nearest to it, or says that there is none', () => {
    expect(ask({ from: 'ceo@contoso.com' })).toMatchObject({
      ok: false,
      lines: [expect.stringContaining(`line ${lineOf('"from"')} (applications[0].from)`)],
    });
    expect(ask({ app: ALERTS }).lines[0]).toContain('(applications[1].mailboxes)');
    expect(ask({ delegated: true }).lines[0]).toMatch(/^no, .* line \d+ \(applications\[0\]\.delegated\)/);
    expect(ask({ mailbox: 'x@y.z' }).lines[0]).toContain('no line');
  });

  test('says what happens to mail to an address that does not exist, if the policy says it', () => {
    const application = { name: 'A', applicationId: 'a', mailboxes: ['a@contoso.com'] };
    const applications = [{ ...application, suppressedRecipients: 'hold' }];
    const text = JSON.stringify({ applications }, undefined, 1);
    const question = { app: application.applicationId, mailbox: application.mailboxes[0] as string, to: [], size: 0, delegated: false };
    const { lines } = explain(text, question);
    expect(lines[1]).toMatch(/non-existent waits: line \d+ \(applications\[0\]\.suppressedRecipients\)/);
    expect(problemsOf({ applications: [{ ...application, suppressedRecipients: 'drop' }] })[0]).toContain(
      'applications[0].suppressedRecipients',
    );
  });

  test('says on which line a document is wrong', () => {
    expect(explain('{\n "applications": [\n  {"name": "A\\"", "applicationId": "a",\n   "mailboxes": ["*"]}\n ]\n}').lines).toEqual([
      expect.stringContaining('line 4: applications[0].mailboxes[0]: must be'),
    ]);
    expect(explain('\uFEFF{"applications": true}').lines[0]).toContain('line 1: applications: ');
    expect(explain('{').lines[0]).toContain('is not JSON');
  });
});

test('a pattern whose domain is none means no mailbox', () => {
  const policy = policyOf({ applications: [{ name: 'A', applicationId: 'a', mailboxes: ['*@１'] }] });
  for (const name of ['x@1', 'x@1.com']) expect(judgeMailbox(policy, caller('a'), name).allowed).toBe(false);
});
