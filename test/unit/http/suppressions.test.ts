// GET and DELETE /v1.0/suppressions: what operators see of suppressed addresses, and how they lift one.
import { Ajv } from 'ajv';
import { beforeEach, describe, expect, test } from 'vitest';
import { queueSchemas } from '../../../shared/adapters/http/openapi-queue-schemas.ts';
import { liftSuppressionHandler, listSuppressionsHandler } from '../../../shared/adapters/http/suppressions-handlers.ts';
import { liftSuppression, listSuppressions } from '../../../shared/usecases/act/suppressions.ts';
import { openAuthorization } from '../../fakes/open-authorization.ts';
import { HOUR, MAILBOX, Stage } from '../usecases/stage.ts';
import { ask, newId } from './http.ts';

let stage: Stage;
let list: (query?: string) => ReturnType<typeof ask>;
let lift: (address: string, query?: string) => ReturnType<typeof ask>;
beforeEach(async () => {
  stage = new Stage();
  const { context } = stage;
  const dependencies = {
    clock: stage.clock,
    newId,
    authorization: openAuthorization(),
    listSuppressions: (page: { top: number; after?: string }) => listSuppressions(context, page),
    liftSuppression: (...[caller, address, reason]: Parameters<Parameters<typeof liftSuppressionHandler>[0]['liftSuppression']>) =>
      liftSuppression(context, caller, address, reason),
  };
  list = (query = '') => ask(listSuppressionsHandler(dependencies), { method: 'GET', path: `/v1.0/suppressions${query}`, params: {} });
  lift = (address, query = '') =>
    ask(liftSuppressionHandler(dependencies), {
      method: 'DELETE',
      path: `/v1.0/suppressions/${encodeURIComponent(address)}${query}`,
      params: { address },
    });
  for (const n of [1, 2, 3]) {
    const reported = { address: `p${n}@example.com`, reason: '5.1.1: none', suppressedDateTime: stage.now() };
    await stage.suppressions.suppress({ ...reported, sendRequestId: 'request', mailbox: MAILBOX }, HOUR);
  }
});

const addresses = (answer: Awaited<ReturnType<typeof ask>>) =>
  (answer.body['value'] as { address: string }[]).map(({ address }) => address);

describe('suppressed addresses', () => {
  test('are listed with reason, date, source and end, as OpenAPI says', async () => {
    const { status, body } = await list();
    expect(status).toBe(200);
    const [first] = body['value'] as object[];
    expect(first).toEqual({
      address: 'p1@example.com',
      reason: '5.1.1: none',
      suppressedDateTime: stage.now(),
      expirationDateTime: new Date(stage.clock.now() + HOUR).toISOString(),
      sendRequestId: 'request',
      mailbox: MAILBOX,
    });
    const valid = new Ajv({ strict: false, validateFormats: false }).compile(queueSchemas['suppression'] as object);
    expect(valid(first)).toBe(true);
  });

  test('come page by page', async () => {
    const first = await list('?$top=2');
    expect(addresses(first)).toEqual(['p1@example.com', 'p2@example.com']);
    const { search } = new URL(String(first.body['@odata.nextLink']));
    const second = await list(search);
    expect(addresses(second)).toEqual(['p3@example.com']);
    expect(second.body).not.toHaveProperty('@odata.nextLink');
  });

  test.each(['?$top=0', '?$top=1001', '?$top=x', "?$skiptoken='", '?$filter=x'])('are not listed with %s', async (query) => {
    expect(await list(query)).toMatchObject({ status: 400, error: { code: 'BadRequest' } });
  });

  test('are lifted once, in any letter case, and that is on record', async () => {
    expect(await lift('P2@example.com', '?reason=created')).toMatchObject({ status: 200, body: { lifted: true } });
    expect((await lift('p2@example.com')).status).toBe(404);
    expect(addresses(await list())).toEqual(['p1@example.com', 'p3@example.com']);
    expect(stage.telemetry.named('operatorAction')).toMatchObject([{ action: 'liftSuppression', reason: 'created' }]);
  });

  test.each([
    ['no address', '', 400],
    ['another one', 'other@example.com', 404],
  ])('are not lifted by %s', async (_, address, status) => {
    expect((await lift(address === '' ? 'nobody' : address)).status).toBe(status);
  });

  test('need a reason of at most 500 characters', async () => {
    expect((await lift('p1@example.com', `?reason=${'x'.repeat(501)}`)).status).toBe(400);
    expect((await lift('p1@example.com', '?reason=a%0Ab')).status).toBe(400);
  });
});
