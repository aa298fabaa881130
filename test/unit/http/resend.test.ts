// POST sendRequests/{id}/resend and /cancel with a body, and both by a filter: what the body may say, and what is answered.
import { beforeEach, describe, expect, test } from 'vitest';
import { actByFilterHandler } from '../../../shared/adapters/http/act-by-filter-handlers.ts';
import { cancelHandler, resendHandler } from '../../../shared/adapters/http/act-handlers.ts';
import type { Rules } from '../../../shared/domain/rules.ts';
import type { EnqueueCommand } from '../../../shared/usecases/accept/enqueue-command.ts';
import { enqueueSendRequest } from '../../../shared/usecases/accept/enqueue-send-request.ts';
import { Actions } from '../../../shared/usecases/act/actions.ts';
import { openAuthorization } from '../../fakes/open-authorization.ts';
import { rejected } from '../actions/acting.ts';
import { A, B, type Bounces, bounceOn, C } from '../actions/bounced.ts';
import { MAILBOX, Stage } from '../usecases/stage.ts';
import { ask, mailHttp, newId } from './http.ts';

let stage: Stage;
let at: Bounces;
beforeEach(() => {
  stage = new Stage();
  at = bounceOn(stage);
});

const dependencies = () => {
  const actions = new Actions(stage.context, stage.log);
  return {
    clock: stage.clock,
    newId,
    authorization: openAuthorization(),
    sendLifetimeMs: 172_800_000,
    logSubjects: true,
    cancel: actions.cancel.bind(actions),
    resend: actions.resend.bind(actions),
    actByFilter: actions.byFilter.bind(actions),
  };
};
const json = (body: unknown) => (typeof body === 'string' ? body : JSON.stringify(body));
function post(action: 'resend' | 'cancel', id: string, body?: unknown) {
  const handler = action === 'resend' ? resendHandler(dependencies()) : cancelHandler(dependencies());
  const path = `/v1.0/users/${MAILBOX}/sendRequests/${id}/${action}`;
  return ask(handler, { path, params: { mailbox: MAILBOX, id }, ...(body !== undefined && { body: json(body) }) });
}
const byFilter = (action: 'resend' | 'cancel', body: unknown) =>
  ask(actByFilterHandler(action, dependencies()), { path: `/v1.0/sendRequests/${action}`, params: {}, body: json(body) });
/** Open authorization calls itself this; the mail is its own. */
const OWN = { application: 'anonymous' };

describe('resend', () => {
  test('without a body sends what finally failed to everybody, as ever', async () => {
    const id = await rejected(stage, OWN);
    const answer = await post('resend', id);
    expect(answer).toMatchObject({ status: 202, body: { status: 'queued', mailbox: MAILBOX } });
    expect(answer.headers['location']).toBe(`/v1.0/users/${MAILBOX}/sendRequests/${(await stage.record(id)).resentAs}`);
  });

  test('to a corrected address is answered with the new send request; the same again with the same', async () => {
    const id = await at.bounced([B], OWN);
    const body = { recipients: [{ address: 'bob@example.org', replaces: B }], reason: 'The customer has told us' };
    const [first, second] = [await post('resend', id, body), await post('resend', id, body)];
    expect(first.status).toBe(202);
    expect(second.body['id']).toBe(first.body['id']);
  });

  test('as a dry run says to whom, and sends nothing', async () => {
    const id = await at.bounced([B], OWN);
    const answer = await post('resend', id, { recipients: 'failed', dryRun: true });
    expect(answer).toMatchObject({
      status: 200,
      body: { id, status: 'sent', dryRun: true, possible: true, content: 'copy', recipients: [{ address: B, type: 'to' }] },
    });
    expect(stage.queue.queued).toEqual([]);
  });

  test.each([
    [
      'an unknown recipient',
      [{ address: 'x@example.com', replaces: 'nobody@example.com' }],
      400,
      "'nobody@example.com' is not a recipient",
    ],
    ['no address', [{ address: 'x', replaces: B }], 400, 'Recipient "x" isn\'t resolved'],
    ['a recipient that has not failed', [{ address: A }], 409, 'has not failed'],
    ['everybody', 'all', 409, 'is sent: Exchange has taken the mail'],
    ['nobody', [], 400, "'recipients' has a wrong value: Too small"],
    ['another word', 'some', 400, "'recipients' has a wrong value: expected"],
    ['a recipient of Graph', [{ emailAddress: { address: B } }], 400, "'recipients' has a wrong value: expected"],
  ])('to %s is refused, and says why', async (_, recipients, status, message) => {
    const id = await at.bounced([B], OWN);
    expect(await post('resend', id, { recipients })).toMatchObject({ status, error: { message: expect.stringContaining(message) } });
  });

  test('of what may still go out is 409 with its state', async () => {
    const id = await stage.post(OWN);
    expect(await post('resend', id, { recipients: 'failed' })).toMatchObject({
      status: 409,
      error: { code: 'InvalidSendRequestState', message: expect.stringContaining('is queued') },
    });
  });
});

const BAD: [string, unknown, string][] = [
  ['that is no JSON', '{', 'JSON'],
  ['that is no object', '[]', 'not a JSON object'],
  ['with another property', { recipient: 'failed' }, "'recipient'"],
  ['with a reason of two lines', { reason: 'a\nb' }, "'reason' has a wrong value: expected one line of printable text"],
  ['with a reason that turns the text around', { reason: 'a\u202eb' }, "'reason'"],
  ['with a long reason', { reason: 'x'.repeat(501) }, "'reason'"],
  ['with an empty reason', { reason: '' }, "'reason'"],
];

test.each(BAD)('a body %s is refused, and says what is wrong', async (_, body, message) => {
  const id = await rejected(stage, OWN);
  const open = await stage.post(OWN);
  for (const answer of [await post('resend', id, body), await post('cancel', open, body)]) {
    expect(answer).toMatchObject({ status: 400, error: { message: expect.stringContaining(message) } });
  }
  expect((await stage.record(open)).status).toBe('queued');
});

test('if a mail can never be sent again, the 202 says so', async () => {
  const accepted = async (rules: Partial<Rules>) => {
    stage = new Stage({ rules });
    const enqueue = (command: EnqueueCommand) => enqueueSendRequest(stage.context, command);
    const { post: postMail } = mailHttp('sendMail', undefined, { enqueue });
    const body = json({ message: { toRecipients: [{ emailAddress: { address: A } }] }, saveToSentItems: false });
    return (await postMail({ headers: { 'content-type': 'application/json' }, body })).body;
  };
  expect(await accepted({})).not.toHaveProperty('resendable');
  expect(await accepted({ resendContent: 'none' })).toMatchObject({ resendable: false });
});

test('cancel says why, in the timeline and in the audit event', async () => {
  const id = await stage.post(OWN);
  expect(await post('cancel', id, { reason: 'Wrong template' })).toMatchObject({ status: 200, body: { status: 'cancelled' } });
  expect((await stage.log.events(MAILBOX, id)).at(-1)?.detail).toBe('by application anonymous: Wrong template');
  expect(stage.telemetry.events).toContainEqual({
    name: 'operatorAction',
    properties: expect.objectContaining({ reason: 'Wrong template' }),
  });
});

describe('by a filter', () => {
  test('a dry run says of each mail what would happen, and sends nothing', async () => {
    const id = await at.bounced([B, C]);
    const answer = await byFilter('resend', { filter: 'recipientCounts/failed gt 0', recipients: 'failed', dryRun: true });
    expect(answer.body).toEqual({
      dryRun: true,
      matched: 1,
      done: 0,
      more: false,
      leftOut: 0,
      value: [
        {
          id,
          status: 'sent',
          mailbox: MAILBOX,
          operation: 'sendMail',
          possible: true,
          detail: 'to 2 recipients, with the content from its copy in Sent Items',
        },
      ],
    });
    const cancel = await byFilter('cancel', { filter: `id eq '${await stage.post()}'`, dryRun: true });
    expect(cancel.body).toMatchObject({ matched: 1, value: [{ possible: true }] });
  });

  test('it is done, with a reason, and says so for each', async () => {
    const id = await at.bounced([B]);
    const answer = await byFilter('resend', { filter: 'hasFailures eq true', recipients: 'failed', reason: 'Free again' });
    expect(answer.body).toMatchObject({ matched: 1, done: 1, value: [{ id, done: true, detail: expect.stringMatching(/^as /) }] });
    expect((await stage.log.events(MAILBOX, id)).at(-1)?.detail).toContain(': Free again');
  });

  test('of more than one call, the answer says where the next goes on', async () => {
    for (let n = 0; n < 505; n++) await stage.post();
    const first = await byFilter('cancel', { filter: "status eq 'queued'" });
    expect(first.body).toMatchObject({ matched: 500, more: true, next: expect.stringMatching(/^queued\./) });
    const second = await byFilter('cancel', { filter: "status eq 'queued'", after: first.body['next'] });
    expect(second.body).toMatchObject({ matched: 5, more: false });
    expect(second.body['next']).toBeUndefined();
  });

  test.each([
    ['no body', 'resend', '', 'no body'],
    ['a filter that cannot be read', 'resend', { filter: 'nonsense' }, 'Invalid filter clause'],
    ['a list of recipients', 'resend', { filter: "status eq 'failed'", recipients: [{ address: A }] }, "'recipients'"],
    ['recipients of a cancellation', 'cancel', { filter: "status eq 'queued'", recipients: 'all' }, "'recipients'"],
    ['a position that is none of ours', 'resend', { filter: "status eq 'failed'", after: 'nowhere' }, "'after'"],
  ] as const)('%s is refused', async (_, action, body, message) => {
    expect(await byFilter(action, body)).toMatchObject({ status: 400, error: { message: expect.stringContaining(message) } });
  });
});
