// GET and DELETE /v1.0/pauses with the pauses of accounts, which reports have made: they are listed beside those of operators, and lifted alike.
import { Ajv } from 'ajv';
import { beforeEach, describe, expect, test } from 'vitest';
import { queueSchemas } from '../../../shared/adapters/http/openapi-queue-schemas.ts';
import { listPausesHandler, pauseHandler, resumeHandler } from '../../../shared/adapters/http/pauses-handlers.ts';
import { TENANT } from '../../../shared/domain/act/account-pause.ts';
import { liftPause, listPauses, setPause } from '../../../shared/usecases/act/pause-and-resume.ts';
import { openAuthorization } from '../../fakes/open-authorization.ts';
import { HOUR, MAILBOX, MINUTE, Stage } from '../usecases/stage.ts';
import { ask, newId } from './http.ts';

let stage: Stage;
let http: {
  list: () => Promise<{ status: number; value: Record<string, unknown>[] }>;
  pause: (order: object) => Promise<number>;
  resume: (id: string) => Promise<number>;
};
beforeEach(async () => {
  stage = new Stage();
  const { context } = stage;
  const dependencies = {
    clock: stage.clock,
    newId,
    authorization: openAuthorization(),
    listPauses: () => listPauses(context),
    pause: (...[caller, order]: Parameters<Parameters<typeof pauseHandler>[0]['pause']>) => setPause(context, caller, order),
    resume: (...[caller, order]: Parameters<Parameters<typeof resumeHandler>[0]['resume']>) => liftPause(context, caller, order),
  };
  http = {
    list: async () => {
      const { status, body } = await ask(listPausesHandler(dependencies), { method: 'GET', path: '/v1.0/pauses', params: {} });
      return { status, value: body['value'] as Record<string, unknown>[] };
    },
    pause: async (order) => {
      const headers = { 'content-type': 'application/json' };
      return (await ask(pauseHandler(dependencies), { path: '/v1.0/pauses', params: {}, headers, body: JSON.stringify(order) })).status;
    },
    resume: async (id) => {
      const path = `/v1.0/pauses/${encodeURIComponent(id)}`;
      return (await ask(resumeHandler(dependencies), { method: 'DELETE', path, params: { id } })).status;
    },
  };
  const until = new Date(stage.clock.now() + HOUR).toISOString();
  await stage.accountPauses.pause(MAILBOX, { until, reason: '5.1.8: blocked', since: stage.now() });
});

const account = () => ({
  id: `account:${MAILBOX}`,
  scope: 'account',
  name: MAILBOX,
  reason: '5.1.8: blocked',
  setBy: 'report',
  setDateTime: stage.now(),
  until: new Date(stage.clock.now() + HOUR).toISOString(),
  nextProbeDateTime: new Date(stage.clock.now() + 10 * MINUTE).toISOString(),
});

describe('the pause of an account', () => {
  test('is listed beside those of operators, with its end and its next probe, as OpenAPI says', async () => {
    expect(await http.pause({ scope: 'mailbox', name: MAILBOX, reason: 'template' })).toBe(201);
    const { value } = await http.list();
    expect(value).toEqual([expect.objectContaining({ id: `mailbox:${MAILBOX}`, scope: 'mailbox', reason: 'template' }), account()]);
    const valid = new Ajv({ strict: false, validateFormats: false }).compile(queueSchemas['pause'] as object);
    expect(value.map((pause) => valid(pause))).toEqual([true, true]);
    expect(Object.keys((queueSchemas['pause'] as { properties: object }).properties)).toEqual(
      expect.arrayContaining(Object.keys(account())),
    );
  });

  test('names the mail that probes now', async () => {
    stage.clock.advance(10 * MINUTE);
    await stage.accountPauses.probe(MAILBOX, 'mail');
    expect((await http.list()).value).toMatchObject([{ probe: 'mail' }]);
  });

  test('is lifted by its id, in any letter case, once, and that is on record', async () => {
    expect(await http.resume(`Account:${MAILBOX.toUpperCase()}`)).toBe(200);
    expect(await http.resume(`account:${MAILBOX}`)).toBe(404);
    expect((await http.list()).value).toEqual([]);
    expect(stage.telemetry.named('operatorAction')).toMatchObject([{ action: 'resume', paused: 'account', mailbox: MAILBOX }]);
  });

  test('lifted alone leaves the pause of an operator; that of the mailbox ends both', async () => {
    await http.pause({ scope: 'mailbox', name: MAILBOX, reason: 'template' });
    expect(await http.resume(`account:${MAILBOX}`)).toBe(200);
    expect((await http.list()).value).toMatchObject([{ scope: 'mailbox' }]);
    const until = new Date(stage.clock.now() + HOUR).toISOString();
    stage.clock.advance(MINUTE);
    await stage.accountPauses.pause(MAILBOX, { until, reason: '5.1.8', since: stage.now() });
    expect(await http.resume(`mailbox:${MAILBOX}`)).toBe(200);
    expect((await http.list()).value).toEqual([]);
  });

  test.each(['account', 'account:', 'account:not an address', 'account:other@contoso.com'])('%s is not paused', async (id) => {
    expect(await http.resume(id)).toBe(404);
  });

  test('can be ordered by nobody', async () => {
    expect(await http.pause({ scope: 'account', name: MAILBOX, reason: 'x' })).toBe(400);
  });
});

describe('the pause of the tenant', () => {
  const tenant = () => {
    const until = new Date(stage.clock.now() + 24 * HOUR).toISOString();
    return stage.accountPauses.pause(TENANT, { until, reason: '5.7.233: limit', since: stage.now(), reach: 'external' });
  };

  test('is listed with its reach, without a name, as OpenAPI says', async () => {
    await tenant();
    const { value } = await http.list();
    const found = value.find(({ scope }) => scope === 'tenant');
    expect(found).toMatchObject({ id: 'tenant', reason: '5.7.233: limit', setBy: 'report', reach: 'external' });
    expect(found).not.toHaveProperty('name');
    const valid = new Ajv({ strict: false, validateFormats: false }).compile(queueSchemas['pause'] as object);
    expect(valid(found)).toBe(true);
  });

  test('is lifted by its id, once, and that is on record; the pauses of accounts stay', async () => {
    await tenant();
    expect(await http.resume('tenant:x')).toBe(404);
    expect(await http.resume('Tenant')).toBe(200);
    expect(await http.resume('tenant')).toBe(404);
    expect((await http.list()).value).toMatchObject([{ scope: 'account' }]);
    expect(stage.telemetry.named('operatorAction')).toMatchObject([{ action: 'resume', paused: 'tenant' }]);
  });

  test('can be ordered by nobody', async () => {
    expect(await http.pause({ scope: 'tenant', reason: 'x' })).toBe(400);
  });
});
