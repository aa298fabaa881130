// GET /v1.0/activity and /v1.0/overview: what operators see, as OpenAPI describes it.
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { openApi } from '../../../shared/adapters/http/openapi.ts';
import { activityHandler, type OverviewDependencies, overviewHandler } from '../../../shared/adapters/http/overview-handlers.ts';
import { noActivity } from '../../../shared/domain/log/activity.ts';
import { openAuthorization } from '../../fakes/open-authorization.ts';
import { record } from '../../support/samples.ts';
import { ask, clock, NOW, newId } from './http.ts';

const HOUR = 3_600_000;
const failed = record('ada@contoso.com', { status: 'unaccounted' });

const dependencies: OverviewDependencies = {
  clock,
  newId,
  authorization: openAuthorization(),
  activity: async (from) => [{ hour: from, counts: { ...noActivity(), sent: 3 } }],
  overview: async () => ({
    waiting: { counts: [{ status: 'queued', reason: 'turn', count: 2 }], isMore: false },
    attention: [
      { kind: 'unaccounted', meaning: 'nobody knows', filter: "status eq 'unaccounted'", count: 1, isMore: false, examples: [failed] },
    ],
    unreadable: { count: 1, examples: [{ mailbox: 'bob@contoso.com', error: 'ErrorAccessDenied' }] },
  }),
  listPauses: async () => [{ id: 'everything', scope: 'everything', reason: 'test', setBy: 'x', setDateTime: '2026-01-31T08:00:00Z' }],
};

/** The schema of a component, checked by another reader. */
function expectDescribed(name: string, body: unknown): void {
  const { components } = openApi('0') as unknown as { components: object };
  const ajv = new Ajv({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: 'api', components });
  const validate = ajv.compile({ $ref: `api#/components/schemas/${name}` });
  expect(validate(body), JSON.stringify(validate.errors)).toBe(true);
}

const activity = (query: string) => ask(activityHandler(dependencies), { method: 'GET', path: `/v1.0/activity${query}`, params: {} });

test('activity has each hour of the range, and says that it is approximate', async () => {
  const { status, body } = await activity('?from=2026-08-20T07:30:00Z&to=2026-08-20T10:00:00Z');
  expect(status).toBe(200);
  expectDescribed('activity', body);
  expect(body).toMatchObject({
    approximate: true,
    value: [{ hour: '2026-08-20T07:00:00.000Z', sent: 3, failed: 0 }, { sent: 0 }, { sent: 0 }],
  });
  expect(((await activity('')).body['value'] as object[]).length).toBe(24);
  expect(NOW % HOUR).toBe(0);
});

test('a range that is wrong is refused in words', async () => {
  expect(await activity('?from=now')).toMatchObject({ status: 400, error: { message: expect.stringContaining('for from') } });
});

test('the overview shows what waits, what needs a person with examples, and pauses', async () => {
  const { status, body } = await ask(overviewHandler(dependencies), { method: 'GET', path: '/v1.0/overview', params: {} });
  expect(status).toBe(200);
  expectDescribed('overview', body);
  expect(body).toMatchObject({
    waiting: { counts: [{ status: 'queued', reason: 'turn', count: 2 }] },
    attention: [
      { kind: 'unaccounted', filter: "status eq 'unaccounted'", examples: [{ id: failed.id, status: 'unaccounted', hasFailures: false }] },
    ],
    unreadable: { count: 1 },
    pauses: [{ id: 'everything' }],
  });
});
