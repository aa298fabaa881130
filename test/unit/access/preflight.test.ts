// Preflight: whether a mail would go out, before there is one, and what stands in its way, in words.
import { beforeEach, describe, expect, test } from 'vitest';
import { anonymousCallers } from '../../../shared/adapters/auth/unnamed-callers.ts';
import { TENANT } from '../../../shared/domain/act/account-pause.ts';
import type { Rules } from '../../../shared/domain/rules.ts';
import { AskedMailboxes } from '../../../shared/usecases/accept/asked-mailboxes.ts';
import { Authorization } from '../../../shared/usecases/accept/authorization.ts';
import { CallerLimits } from '../../../shared/usecases/accept/caller-limits.ts';
import { CurrentPolicy } from '../../../shared/usecases/accept/current-policy.ts';
import { isReadable, type Preflight, preflight } from '../../../shared/usecases/accept/preflight.ts';
import { setPause } from '../../../shared/usecases/act/pause-and-resume.ts';
import { answered, HOUR, NOT_SENT, Stage } from '../usecases/stage.ts';
import { ALERTS, BILLING, caller, document } from './policies.ts';

const BOX = 'invoices@contoso.com';
let stage: Stage;
beforeEach(() => {
  stage = new Stage();
});

interface Asked {
  application?: string;
  name?: string;
  from?: string;
  open?: boolean;
  broken?: boolean;
  rules?: Partial<Rules>;
  redirectTo?: string;
  taken?: number;
  recipients?: string[];
}

async function ask({
  application = BILLING,
  name = 'billing@contoso.com',
  from,
  open,
  broken,
  rules,
  redirectTo,
  taken = 0,
  recipients = [],
}: Asked = {}): Promise<Preflight> {
  const { clock, telemetry } = stage;
  const text = broken ? '{' : JSON.stringify(document);
  const source = { place: 'here', read: async () => ({ kind: 'read', text, version: '1' }) as const };
  const limits = new CallerLimits({ exchange: async () => [] }, clock);
  const authorization = new Authorization({
    callers: anonymousCallers,
    policy: open ? undefined : new CurrentPolicy({ source, clock, telemetry }),
    limits,
    telemetry,
  });
  for (let n = 0; n < taken; n++) await limits.take(application, { mailsPerMinute: 3, mailsPerDay: 5 });
  const nonProduction = { redirectTo, allowedDomains: redirectTo ? ['contoso.com'] : [] };
  const context = { ...stage.context, rules: { ...stage.context.rules, nonProduction, ...rules } };
  const asked = new AskedMailboxes(clock, (mailbox) => isReadable(context, mailbox));
  const found = await preflight(
    { context, authorization, limits: { recipientLimit: 500, maximumMessageSizeBytes: 5_000_000 }, asked },
    caller(application),
    name,
    { ...(from !== undefined && { from }), recipients: recipients.map((address) => ({ address })) },
  );
  if (!found.ok) throw new Error(`${found.problem.status} ${found.problem.message}`);
  return found.value;
}

describe('a caller that may send', () => {
  test('is told so, under the one name of the mailbox, with the line that says so, and what is left', async () => {
    expect(await ask({ taken: 2 })).toEqual({
      mailbox: BOX,
      application: BILLING,
      maySend: true,
      policy: { allowed: true, place: 'applications[0].mailboxes[0]' },
      service: { rights: 'readWrite', readable: 'yes' },
      limits: {
        recipientsPerMail: 2,
        maximumMessageSize: 2000,
        mailsPerMinute: 3,
        mailsLeftThisMinute: 1,
        mailsPerDay: 5,
        mailsLeftToday: 3,
        recipientDomains: ['example.com', '*.example.org'],
        requireIdempotencyKey: true,
      },
      pauses: [],
      problems: [],
    });
    expect(stage.graph.calls.map(({ operation }) => operation)).toEqual(['findByMessageId']);
  });

  test('is told of the From: its line, and whether its reports can be read', async () => {
    expect((await ask({ from: BOX })).from).toEqual({
      address: BOX,
      allowed: true,
      place: 'applications[0].mailboxes',
      reportsReadable: { readable: 'yes' },
    });
    stage.graph.answerNext('findByMessageId', answered(200) as never);
    stage.graph.answerNext('findByMessageId', answered(403, 'ErrorAccessDenied'));
    const other = await ask({ from: 'noreply@contoso.com' });
    expect(other).toMatchObject({
      maySend: true,
      from: { allowed: true, place: 'applications[0].from[0]', reportsReadable: { readable: 'no' } },
    });
    expect(other.problems).toEqual([expect.stringMatching(/^Reports of mail from noreply@contoso\.com cannot be read: .*grant it/)]);
  });

  test('without any policy is told the limits of the service', async () => {
    expect(await ask({ open: true, name: 'any@contoso.com', redirectTo: 'test@contoso.com' })).toMatchObject({
      maySend: true,
      mailbox: 'any@contoso.com',
      limits: { recipientsPerMail: 500, maximumMessageSize: 5_000_000, requireIdempotencyKey: false },
      nonProduction: { redirectTo: 'test@contoso.com', allowedDomains: ['contoso.com'] },
    });
  });

  test('is told which recipients are suppressed, and what then happens to its mail', async () => {
    const rules = { suppressionExpiryMs: HOUR };
    const reported = {
      address: 'gone@example.com',
      reason: '5.1.1: none',
      suppressedDateTime: stage.now(),
      sendRequestId: 'r',
      mailbox: BOX,
    };
    await stage.suppressions.suppress(reported, HOUR);
    const found = await ask({ rules, recipients: ['fine@example.com', 'Gone@example.com'] });
    expect(found).toMatchObject({
      maySend: true,
      limits: { suppressedRecipients: 'refuse' },
      suppressed: [{ address: 'gone@example.com' }],
    });
    expect(found.problems).toEqual([expect.stringMatching(/gone@example\.com.*5\.1\.1: none.*Mail to it is refused\.$/)]);
    expect((await ask({ recipients: ['gone@example.com'] })).suppressed).toEqual([]);
    expect(await ask({ rules, application: ALERTS, recipients: ['gone@example.com'] })).not.toHaveProperty('suppressed');
  });

  test('is told that mail of the whole tenant is held', async () => {
    const until = new Date(stage.clock.now() + HOUR).toISOString();
    await stage.accountPauses.pause(TENANT, { until, reason: '5.7.233: limit', since: stage.now(), reach: 'external' });
    const found = await ask();
    expect(found.pauses).toEqual([{ what: 'mail of the whole tenant to external recipients', reason: '5.7.233: limit', until }]);
    stage.clock.advance(2 * HOUR);
    expect((await ask()).pauses).toEqual([{ what: 'mail of the whole tenant to external recipients', reason: '5.7.233: limit' }]);
  });

  test('is told what is paused, by whom and why: mail waits', async () => {
    await setPause(stage.context, caller('operator'), { scope: 'mailbox', name: BOX, reason: 'wrong template' });
    await stage.accountPauses.pause(BOX, {
      until: new Date(stage.clock.now() + HOUR).toISOString(),
      reason: '5.1.8: blocked',
      since: stage.now(),
    });
    const found = await ask();
    expect(found).toMatchObject({
      maySend: true,
      pauses: [{ what: `mailbox:${BOX}` }, { what: `account of ${BOX}`, until: expect.any(String) }],
    });
    expect(found.problems).toEqual([expect.stringContaining('wrong template (by operator, '), expect.stringContaining('5.1.8: blocked')]);
  });
});

describe('what stands in the way', () => {
  test.each<[string, ReturnType<typeof answered> | typeof NOT_SENT, RegExp]>([
    ['no right of ours', answered(403, 'ErrorAccessDenied'), /grant it with infra\/rights\/grant-mailbox-rights\.ps1.*two hours/],
    ['no such mailbox', answered(404, 'ErrorInvalidUser'), /Graph finds no mailbox invoices@contoso\.com/],
    ['a token of ours that is not taken', answered(401), /managed identity/],
  ])('%s is said in words', async (_, answer, words) => {
    stage.graph.answerNext('findByMessageId', answer as never);
    const found = await ask();
    expect(found).toMatchObject({ maySend: false, policy: { allowed: true }, service: { readable: 'no' } });
    expect(found.problems.join()).toMatch(words);
  });

  test.each<[string, ReturnType<typeof answered> | typeof NOT_SENT, RegExp]>([
    ['a Graph that is busy', answered(503), /cannot say now whether our identity may read invoices@contoso\.com \(503\): mail will wait/],
    ['a Graph out of reach', NOT_SENT, /could not be asked about .*\(connection refused\): mail will wait/],
  ])('%s is no refusal: it is said, and mail waits', async (_, answer, words) => {
    stage.graph.answerNext('findByMessageId', answer as never);
    const found = await ask();
    expect(found).toMatchObject({ maySend: true, service: { readable: 'unknown' } });
    expect(found.problems.join()).toMatch(words);
  });

  test('a stranger learns neither which mailboxes there are nor what is behind their names', async () => {
    const [known, unknown] = [await ask({ application: 'x' }), await ask({ application: 'x', name: 'nobody@contoso.com' })];
    expect(unknown).toEqual({ ...known, mailbox: 'nobody@contoso.com' });
    expect((await ask({ application: ALERTS })).mailbox).toBe('billing@contoso.com');
  });

  test('with the rights tier "send" nobody can ask', async () => {
    expect(await ask({ rules: { graphRights: 'send' } })).toMatchObject({
      maySend: true,
      service: { rights: 'send', readable: 'notAsked' },
    });
    expect(stage.graph.calls).toEqual([]);
  });

  test.each<[string, Asked, RegExp]>([
    ['an application without this mailbox', { application: ALERTS }, /does not let this application send as this mailbox/],
    ['an application that no policy names', { application: 'x' }, /does not name this application/],
    ['a mailbox that no policy knows', { name: 'nobody@contoso.com' }, /nobody@contoso\.com/],
  ])('%s is said, and Graph is not asked about other people', async (_, asked, words) => {
    const found = await ask({ ...asked, from: 'ceo@contoso.com' });
    expect(found).toMatchObject({ maySend: false, policy: { allowed: false }, limits: {}, pauses: [] });
    expect(found.problems.join()).toMatch(words);
    expect(stage.graph.calls).toEqual([]);
  });

  test('a From that is not allowed is said, and not asked about', async () => {
    const found = await ask({ from: 'ceo@contoso.com' });
    expect(found).toMatchObject({ maySend: false, from: { allowed: false, reportsReadable: { readable: 'notAsked' } } });
    expect(stage.graph.calls).toHaveLength(1);
  });

  test('no usable policy is no decision', async () => {
    await expect(ask({ broken: true })).rejects.toThrow('503');
  });

  test('asking leaves no audit events', async () => {
    await ask({ application: 'x' });
    expect(stage.telemetry.named('callerRefused')).toEqual([]);
  });
});
