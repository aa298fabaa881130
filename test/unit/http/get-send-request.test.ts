// GET sendRequests/{id}: all that the log knows; and what is said while it knows nothing yet.
import { describe, expect, test } from 'vitest';
import { getSendRequestHandler } from '../../../shared/adapters/http/get-send-request-handler.ts';
import { toSendRequestJson } from '../../../shared/adapters/http/send-request-json.ts';
import type { SendRequestRecord } from '../../../shared/domain/log/send-request.ts';
import { makeSendRequestId } from '../../../shared/domain/log/send-request-id.ts';
import { InMemoryStatusLog } from '../../fakes/in-memory-status-log.ts';
import { openAuthorization } from '../../fakes/open-authorization.ts';
import { ask, clock, NOW, newId } from './http.ts';

const MAILBOX = 'ada@contoso.com';
const DAY = 86_400_000;
const idAt = (atMs: number, mailbox = MAILBOX): string => makeSendRequestId(atMs, mailbox, new Uint8Array(14));

const record: SendRequestRecord = {
  schemaVersion: 1,
  id: idAt(NOW - 1000),
  mailbox: MAILBOX,
  operation: 'sendMail',
  format: 'json',
  application: 'app',
  subject: 'Invoice',
  internetMessageId: '<a@contoso.com>',
  contentHash: 'hash',
  createdDateTime: '2026-08-20T09:59:59.000Z',
  lastModifiedDateTime: '2026-08-20T09:59:59.000Z',
  status: 'deferred',
  step: 1,
  attempts: 1,
  lane: '0',
  sendBefore: '2026-08-22T09:59:59.000Z',
  saveToSentItems: true,
  claim: { nonce: 'n', startedDateTime: 'x', callsUntil: 'y', route: 'direct' },
  error: { code: 'ErrorServerBusy', message: 'busy' },
  recipientCounts: { total: 1, failed: 0, delayed: 0, delivered: 0, relayed: 0, expanded: 0, read: 0, notRead: 0 },
};
const recipients = [{ address: 'customer@example.com', type: 'to' as const, action: 'failed' as const, status: '5.1.1' }];
const events = [{ key: '0', type: 'enqueued', dateTime: record.createdDateTime }];

function getHttp() {
  const log = new InMemoryStatusLog();
  const handler = getSendRequestHandler({ clock, newId, log, authorization: openAuthorization(), sendLifetimeMs: 2 * DAY });
  const get = (id: string, mailbox = MAILBOX) =>
    ask(handler, { method: 'GET', path: `/v1.0/users/${mailbox}/sendRequests/${id}`, params: { mailbox, id } });
  return { log, get };
}

describe('a send request', () => {
  test('is shown with recipients and events, and nothing of the machine room', async () => {
    const { log, get } = getHttp();
    await log.create({ record, recipients, events });
    const answer = await get(record.id.toUpperCase(), 'ADA@contoso.com');
    expect(answer).toMatchObject({
      status: 200,
      body: {
        id: record.id,
        status: 'deferred',
        mailbox: MAILBOX,
        operation: 'sendMail',
        attempts: 1,
        hasFailures: true,
        error: { code: 'ErrorServerBusy' },
        recipientCounts: { total: 1 },
        recipients,
        events: [{ type: 'enqueued', dateTime: record.createdDateTime }],
      },
    });
    for (const name of ['claim', 'contentHash', 'lane', 'step', 'schemaVersion', 'key'])
      expect(JSON.stringify(answer.body)).not.toContain(`"${name}"`);
  });

  test('begins with the four properties of the 202 answer', () => {
    expect(Object.keys(toSendRequestJson(record, [], [])).slice(0, 4)).toEqual(['id', 'status', 'mailbox', 'operation']);
  });

  test('is queued while the log has no row of it: the id says that it was accepted', async () => {
    const { get } = getHttp();
    expect(await get(idAt(NOW - DAY))).toMatchObject({ status: 200, body: { id: idAt(NOW - DAY), status: 'queued', mailbox: MAILBOX } });
  });

  test.each([
    ['of another mailbox', idAt(NOW, 'bob@contoso.com')],
    ['mistyped', `0${idAt(NOW).slice(1, -1)}0`],
    ['made up', 'nonsense'],
    ['older than any open request, and without a row', idAt(NOW - 3 * DAY)],
    ['from the future', idAt(NOW + 3 * DAY)],
  ])('%s is not found', async (_, id) => {
    const { get } = getHttp();
    expect(await get(id)).toMatchObject({ status: 404, error: { code: 'ErrorItemNotFound' } });
  });

  test('in a mailbox that can be none is not found', async () => {
    const { get } = getHttp();
    expect(await get(idAt(NOW), 'nobody')).toMatchObject({ status: 404, error: { code: 'ErrorInvalidUser' } });
  });

  test('cannot be told while the log is out of reach', async () => {
    const { log, get } = getHttp();
    log.down = true;
    const answer = await get(idAt(NOW));
    expect(answer).toMatchObject({ status: 503, error: { code: 'serviceNotAvailable' } });
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  });

  test('that the log cannot show for another reason is an error of ours', async () => {
    const { log, get } = getHttp();
    log.read = async () => {
      throw new TypeError('bug');
    };
    expect((await get(idAt(NOW))).status).toBe(500);
  });
});
