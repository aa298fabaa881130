// GET /v1.0/limits: pages of mailboxes, by name, with what is left of Exchange's limits.
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { limitsHandler } from '../../../shared/adapters/http/limits-handler.ts';
import { queueSchemas } from '../../../shared/adapters/http/openapi-queue-schemas.ts';
import type { LimitRules } from '../../../shared/domain/limits/limit-rules.ts';
import { listLimits } from '../../../shared/usecases/limits/show-limits.ts';
import { openAuthorization } from '../../fakes/open-authorization.ts';
import { content, HOUR, Stage } from '../usecases/stage.ts';
import { ask, newId } from './http.ts';

const LIMITS: LimitRules = {
  messagesPerMinute: 30,
  recipientsPerDay: 5,
  tenantExternalRecipientsPerDay: 1_000,
  acceptedDomains: ['contoso.com'],
  share: 1,
  urgentReserve: 0,
};
const BOXES = ['a@contoso.com', 'b@contoso.com', 'c@contoso.com'];

async function world(limits: LimitRules | undefined) {
  const stage = new Stage({ rules: { limits } });
  for (const mailbox of BOXES) await stage.post({ mailbox });
  for (let n = 0; n < 7; n++) await stage.post({ mailbox: 'b@contoso.com', content: content(String(n)) });
  await stage.post({ mailbox: 'quiet@contoso.com', operation: 'createDraft' });
  for (let n = 0; n < 11; n++) await stage.deliver();
  const dependencies = {
    clock: stage.clock,
    newId,
    authorization: openAuthorization(),
    listLimits: (query: { top: number; after?: string }) => listLimits(stage.context, stage.log, query),
  };
  const get = (query = '') => ask(limitsHandler(dependencies), { method: 'GET', path: `/v1.0/limits${query}`, params: {} });
  return { stage, get };
}

const isDescribed = new Ajv({ strict: false, formats: { 'date-time': true, uri: true } }).compile(queueSchemas['limits'] as object);

test('each mailbox that sends is there with what it has used, and when more is left; so is the tenant', async () => {
  const { stage, get } = await world(LIMITS);
  const { status, body } = await get();
  expect(status).toBe(200);
  expect(isDescribed(body), JSON.stringify(isDescribed.errors)).toBe(true);
  const value = body['value'] as { mailbox: string; recipientsPerDay: { used: number; left: number; returnsDateTime?: string } }[];
  expect(value.map(({ mailbox }) => mailbox)).toEqual(BOXES);
  expect(value[0]?.recipientsPerDay).toEqual({ limit: 5, used: 1, left: 4 });
  expect(value[1]?.recipientsPerDay).toMatchObject({ limit: 5, used: 5, left: 0 });
  expect(Date.parse(value[1]?.recipientsPerDay.returnsDateTime as string)).toBeGreaterThan(stage.clock.now() + 24 * HOUR);
  expect(body['tenant']).toEqual({ externalRecipientsPerDay: { limit: 1_000, used: 10, left: 990 } });
});

test('pages go on where the one before ended, and a page may be empty', async () => {
  const { get } = await world(LIMITS);
  const seen: unknown[] = [];
  let query = '?$top=1';
  for (let page = 0; page < 4; page++) {
    const { body } = await get(query);
    seen.push((body['value'] as { mailbox: string }[]).map(({ mailbox }) => mailbox));
    const next = body['@odata.nextLink'];
    query = next === undefined ? '' : new URL(String(next)).search;
  }
  expect(seen).toEqual([['a@contoso.com'], ['b@contoso.com'], ['c@contoso.com'], []]);
  expect(query).toBe('');
});

test('if limits are off, it says so', async () => {
  const { get } = await world(undefined);
  expect((await get()).body).toEqual({ counted: false, value: [] });
});

test.each(['?$top=0', '?$top=201', '?$top=x', '?$skiptoken=p1-x', '?$skiptoken=l1-AAAA', '?$filter=x'])('%s is refused', async (query) => {
  const { get } = await world(LIMITS);
  expect((await get(query)).status).toBe(400);
});

test('what is no option of OData is left alone, such as a function key', async () => {
  const { get } = await world(LIMITS);
  expect((await get('?code=x&%24TOP=2')).body['value']).toHaveLength(2);
});
