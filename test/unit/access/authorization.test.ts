// What stands between a caller and the queue: in which order it is asked, what is answered, and what is noted.
import { beforeEach, describe, expect, test } from 'vitest';
import { accessProblems } from '../../../shared/domain/accept/access-problems.ts';
import type { Caller } from '../../../shared/domain/accept/caller.ts';
import { type Checked, ok, refused } from '../../../shared/domain/content/problem.ts';
import { Authorization, type SenderAuthorization } from '../../../shared/usecases/accept/authorization.ts';
import { CallerLimits } from '../../../shared/usecases/accept/caller-limits.ts';
import { CurrentPolicy } from '../../../shared/usecases/accept/current-policy.ts';
import type { EnqueueCommand } from '../../../shared/usecases/accept/enqueue-command.ts';
import { RecordingTelemetry } from '../../fakes/recording-telemetry.ts';
import { ALERTS, BILLING, caller, document } from './policies.ts';

const clock = { now: () => Date.parse('2026-01-15T08:05:20.000Z') };
const NOBODY = { authorization: null, operatorsOnly: false };
let telemetry: RecordingTelemetry;
let identified: Checked<Caller>;
beforeEach(() => {
  telemetry = new RecordingTelemetry();
  identified = ok(caller(BILLING));
});

function authorization(text: string | null = JSON.stringify(document), open = false): Authorization {
  const read = async () => (text === null ? ({ kind: 'missing' } as const) : ({ kind: 'read', text, version: '1' } as const));
  return new Authorization({
    callers: { identify: async () => identified },
    policy: open ? undefined : new CurrentPolicy({ source: { place: 'here', read }, clock, telemetry }),
    limits: new CallerLimits({ exchange: async () => [] }, clock),
    telemetry,
  });
}

const command = (more: Partial<EnqueueCommand> = {}): EnqueueCommand => ({
  mailbox: 'invoices@contoso.com',
  application: BILLING,
  operation: 'sendMail',
  format: 'json',
  content: new Uint8Array(10),
  saveToSentItems: true,
  recipients: [{ address: 'secret.person@example.com', type: 'to' }],
  idempotencyKey: 'k',
  urgent: false,
  ...more,
});

async function authorizedSender(of: Authorization, application = BILLING, name = 'billing@contoso.com'): Promise<SenderAuthorization> {
  const checked = await of.authorizeSender(caller(application), name);
  if (!checked.ok) throw new Error(checked.problem.message);
  return checked.value;
}

describe('coming in', () => {
  test.each<[Caller['roles'], boolean]>([
    [['SendRequests.Create'], false],
    [['SendRequests.Read.All'], true],
    [['SendRequests.Manage.All'], true],
  ])('with %j is an operator: %s, and nothing is told', async (roles, isOperator) => {
    identified = ok({ ...caller(BILLING), roles });
    expect(await authorization().isOperator('Bearer x')).toBe(isOperator);
    identified = refused(accessProblems.notAuthenticated('no'));
    expect(await authorization().isOperator(null)).toBe(false);
    expect(telemetry.events).toEqual([]);
  });

  test('needs one of the roles', async () => {
    expect(await authorization().authorizeCaller(NOBODY, ['SendRequests.Create'])).toEqual(identified);
    const denied = await authorization().authorizeCaller(NOBODY, ['SendRequests.Read.All', 'SendRequests.Manage.All']);
    expect(denied).toMatchObject({
      ok: false,
      problem: {
        status: 403,
        code: 'ErrorAccessDenied',
        message: expect.stringContaining('SendRequests.Read.All or SendRequests.Manage.All'),
      },
    });
    expect(telemetry.named('callerRefused')).toEqual([
      expect.objectContaining({ application: BILLING, reason: 'roleMissing', errorCode: 'ErrorAccessDenied' }),
    ]);
  });

  test('credentials that do not hold are answered as they are, and noted', async () => {
    identified = refused(accessProblems.notAuthenticated('Access token is empty.'));
    expect(await authorization().authorizeCaller(NOBODY, ['SendRequests.Create'])).toEqual(identified);
    expect(telemetry.named('callerUnknown')).toEqual([{ reason: 'Access token is empty.' }]);
  });

  test('credentials that cannot be checked now are no refusal', async () => {
    identified = refused({ status: 503, code: 'serviceNotAvailable', message: 'later' });
    expect(await authorization().authorizeCaller(NOBODY, ['SendRequests.Create'])).toEqual(identified);
    expect(telemetry.named('callerUnknown')).toEqual([]);
  });

  test("a person's token comes in only where the policy takes it", async () => {
    identified = ok(caller(BILLING, { delegated: true }));
    expect(await authorization().authorizeCaller(NOBODY, ['SendRequests.Create'])).toMatchObject({ ok: false, problem: { status: 403 } });
    identified = ok(caller(ALERTS, { delegated: true }));
    expect(await authorization().authorizeCaller(NOBODY, ['SendRequests.Create'])).toEqual(identified);
    expect(await authorization(null, true).authorizeCaller(NOBODY, ['SendRequests.Create'])).toEqual(identified);
  });
});

describe('a person', () => {
  const given = (...roles: Caller['roles']) => {
    identified = ok({ ...caller(BILLING, { delegated: true }), roles });
  };

  test('who was given a role of operators comes in by it, whatever the policy says of the application', async () => {
    given('SendRequests.Read.All');
    expect(await authorization().authorizeCaller(NOBODY, ['SendRequests.Create', 'SendRequests.Read.All'])).toEqual(identified);
    expect(await authorization().authorizeCaller(NOBODY, ['SendRequests.Manage.All'])).toMatchObject({ ok: false });
    given('SendRequests.Manage.All');
    expect(await authorization().authorizeCaller(NOBODY, ['SendRequests.Manage.All'])).toEqual(identified);
  });

  test('sends by it no more than the policy lets the application send for people', async () => {
    given('SendRequests.Create', 'SendRequests.Manage.All');
    expect(await authorization().authorizeCaller(NOBODY, ['SendRequests.Create'])).toMatchObject({ ok: false, problem: { status: 403 } });
  });
});

describe('an authorized sender', () => {
  test('is for the canonical mailbox', async () => {
    expect((await authorizedSender(authorization())).mailbox).toBe('invoices@contoso.com');
    expect(await authorization().canonicalName('billing@contoso.com')).toEqual({ ok: true, value: 'invoices@contoso.com' });
  });

  test('is refused with an audit event that names application, mailbox and rule', async () => {
    const denied = await authorization().authorizeSender(caller(ALERTS), 'billing@contoso.com');
    expect(denied).toMatchObject({ ok: false, problem: { status: 403 } });
    expect(telemetry.named('callerRefused')).toEqual([
      {
        application: ALERTS,
        mailbox: 'billing@contoso.com',
        reason: 'mailboxNotAllowed',
        rule: 'applications[1].mailboxes',
        delegated: false,
        errorCode: 'ErrorAccessDenied',
      },
    ]);
  });

  test('cannot be given while there is no policy: that is no fault of the caller', async () => {
    for (const of of [authorization('{'), authorization(null)]) {
      expect(await of.authorizeSender(caller(BILLING), 'billing@contoso.com')).toMatchObject({
        ok: false,
        problem: { status: 503, retryAfter: 10 },
      });
      expect(await of.canonicalName('billing@contoso.com')).toMatchObject({ ok: false, problem: { status: 503 } });
      await expect(of.check()).rejects.toThrow('no usable sender policy');
    }
  });

  test('is given for anything where there is no policy at all', async () => {
    const open = authorization(null, true);
    const sender = await authorizedSender(open, 'anonymous', 'any@contoso.com');
    expect(sender.mailbox).toBe('any@contoso.com');
    expect(await open.canonicalName('any@contoso.com')).toEqual({ ok: true, value: 'any@contoso.com' });
    expect(await open.authorizeMail(sender, command())).toBeUndefined();
    await open.check();
  });
});

describe('a mail', () => {
  test('is admitted until the allowance is used up; what was not accepted is given back', async () => {
    const of = authorization();
    const sender = await authorizedSender(of);
    for (let n = 0; n < 3; n++) expect(await of.authorizeMail(sender, command())).toBeUndefined();
    expect(await of.authorizeMail(sender, command())).toMatchObject({ status: 429, code: 'TooManyRequests', retryAfter: 40 });
    of.release(sender);
    expect(await of.authorizeMail(sender, command())).toBeUndefined();
    expect(telemetry.named('callerRefused')).toEqual([
      expect.objectContaining({ reason: 'tooManyMails', rule: 'applications[0].mailsPerMinute' }),
    ]);
  });

  test('over the allowance of a day waits for the next', async () => {
    const { mailsPerMinute: _, ...rule } = document.applications[0] as Record<string, unknown>;
    const of = authorization(JSON.stringify({ ...document, applications: [{ ...rule, mailsPerDay: 1 }] }));
    const sender = await authorizedSender(of);
    await of.authorizeMail(sender, command());
    expect(await of.authorizeMail(sender, command())).toMatchObject({ status: 429, message: expect.stringContaining('1 mails per day') });
    expect(telemetry.named('callerRefused')[0]).toMatchObject({ rule: 'applications[0].mailsPerDay' });
  });

  test('is refused with an audit event that names no recipient, and costs no place', async () => {
    const of = authorization();
    const sender = await authorizedSender(of);
    expect(await of.authorizeMail(sender, command({ from: 'ceo@contoso.com' }))).toMatchObject({ code: 'ErrorSendAsDenied' });
    expect(await of.authorizeMail(sender, command({ recipients: [{ address: 'secret.person@elsewhere.com', type: 'to' }] }))).toMatchObject(
      {
        status: 403,
      },
    );
    for (const { idempotencyKey: _, ...keyless } of [command()])
      expect(await of.authorizeMail(sender, keyless)).toMatchObject({ status: 400 });
    expect(telemetry.named('callerRefused')).toHaveLength(3);
    expect(JSON.stringify(telemetry.events)).not.toContain('secret.person');
    for (let n = 0; n < 3; n++) expect(await of.authorizeMail(sender, command())).toBeUndefined();
  });
});
