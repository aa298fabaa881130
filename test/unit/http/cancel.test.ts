// POST sendRequests/{id}/cancel: what it answers right after the 202, while the log is slow, and if the mail may have gone.
import { expect, test } from 'vitest';
import { cancelHandler } from '../../../shared/adapters/http/act-handlers.ts';
import { makeSendRequestId } from '../../../shared/domain/log/send-request-id.ts';
import { StoreUnavailable } from '../../../shared/ports/store-unavailable.ts';
import { type Acted, cancelSendRequest } from '../../../shared/usecases/act/cancel-send-request.ts';
import type { Context } from '../../../shared/usecases/context.ts';
import { InMemoryStatusLog } from '../../fakes/in-memory-status-log.ts';
import { openAuthorization } from '../../fakes/open-authorization.ts';
import { RecordingTelemetry } from '../../fakes/recording-telemetry.ts';
import { record } from '../../support/samples.ts';
import { ask, clock, NOW, newId } from './http.ts';

const MAILBOX = 'ada@contoso.com';
const DAY = 86_400_000;
const idAt = (atMs: number): string => makeSendRequestId(atMs, MAILBOX, new Uint8Array(14));

function cancelHttp(log: InMemoryStatusLog, cancel?: () => Promise<Acted>) {
  const context = { log, clock, telemetry: new RecordingTelemetry() } as unknown as Context;
  const handler = cancelHandler({
    clock,
    newId,
    authorization: openAuthorization(),
    sendLifetimeMs: 2 * DAY,
    cancel: cancel ?? ((caller, named) => cancelSendRequest(context, caller, named)),
    resend: async () => ({ kind: 'absent' }),
  });
  return (id: string) => ask(handler, { path: `/v1.0/users/${MAILBOX}/sendRequests/${id}/cancel`, params: { mailbox: MAILBOX, id } });
}

test('right after the 202, before the log has its row: 409 that says when to repeat it, and not 404', async () => {
  const answer = await cancelHttp(new InMemoryStatusLog())(idAt(NOW - 100));
  expect(answer).toMatchObject({ status: 409, headers: { 'retry-after': '5' }, error: { code: 'InvalidSendRequestState' } });
  expect(answer.error.message).toContain('not in the log yet');
});

test('of one that the log has lost long ago, and of an id that was given out for another mailbox: 404', async () => {
  const cancel = cancelHttp(new InMemoryStatusLog());
  expect(await cancel(idAt(NOW - 3 * DAY))).toMatchObject({ status: 404 });
  expect(await cancel(makeSendRequestId(NOW, 'bob@contoso.com', new Uint8Array(14)))).toMatchObject({ status: 404 });
});

test('while the log is out of reach: 503 with Retry-After, and not 500', async () => {
  const log = new InMemoryStatusLog();
  const cancel = cancelHttp(log, () => Promise.reject(new StoreUnavailable('the record changed 8 times')));
  const answer = await cancel(idAt(NOW));
  expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': expect.stringMatching(/^\d+$/) } });
  expect(answer.logged).toEqual([]);
});

test('of one that may have gone: 409 with its state, which is not "cancelled"', async () => {
  const log = new InMemoryStatusLog();
  const id = idAt(NOW - 1000);
  const deferred = record(MAILBOX, { id, status: 'deferred', mayHaveGone: true, application: 'anonymous' });
  await log.create({ record: deferred, events: [] });
  const answer = await cancelHttp(log)(id);
  expect(answer).toMatchObject({ status: 409, error: { code: 'InvalidSendRequestState' } });
  expect(answer.error.message).toMatch(/^The send request is unaccounted: .*an earlier attempt may have sent it\./);
  expect((await log.read(MAILBOX, id))?.value.status).toBe('unaccounted');
});
