// To whom a mail is sent again: only those whom it did not reach, and each once.
import { describe, expect, test } from 'vitest';
import {
  type AskedRecipients,
  chooseRecipients,
  type Earlier,
  resendText,
  withResent,
} from '../../../shared/domain/act/choose-recipients.ts';
import type { State } from '../../../shared/domain/log/lifecycle.ts';
import type { Recipient } from '../../../shared/domain/log/send-request.ts';
import { record } from '../../support/samples.ts';

const MAILBOX = 'sender@contoso.com';
const A: Recipient = { address: 'a@example.com', type: 'to' };
const B: Recipient = { address: 'b@example.com', type: 'cc' };
const C: Recipient = { address: 'c@example.com', type: 'bcc' };
const failed = (recipient: Recipient, more: Partial<Recipient> = {}): Recipient => ({ ...recipient, action: 'failed', ...more });
const delivered = (recipient: Recipient): Recipient => ({ ...recipient, action: 'delivered' });

interface Case {
  status?: State;
  resentAs?: string;
  earlier?: Earlier;
}

const choose = (recipients: readonly Recipient[], asked: AskedRecipients, { status = 'sent', resentAs, earlier }: Case = {}) =>
  chooseRecipients(record(MAILBOX, { id: 'first', status, ...(resentAs !== undefined && { resentAs }) }), recipients, asked, earlier);
const addresses = (...given: Parameters<typeof choose>) => {
  const chosen = choose(...given);
  return chosen.kind === 'chosen' ? chosen.recipients.map(({ address }) => address) : chosen;
};

describe('failed', () => {
  test('means those that are reported as failed, each with its own field', () => {
    expect(choose([delivered(A), failed(B), C], 'failed')).toEqual({ kind: 'chosen', recipients: [B], isWhole: false });
  });

  test('means everybody, if no attempt has submitted the mail', () => {
    for (const status of ['rejected', 'expired', 'deadLettered'] as const) {
      expect(choose([A, B], 'failed', { status })).toEqual({ kind: 'chosen', recipients: [A, B], isWhole: true });
    }
  });

  test('means nobody of a mail that may have gone out, unless a report says so', () => {
    expect(choose([A, B], 'failed', { status: 'unaccounted' })).toMatchObject({ kind: 'impossible' });
    expect(addresses([A, failed(B)], 'failed', { status: 'unaccounted' })).toEqual([B.address]);
  });

  test('without a failure is refused, with the state', () => {
    const none = { kind: 'impossible', why: 'The send request is sent, and no recipient has failed.' };
    expect(choose([delivered(A), B], 'failed')).toEqual(none);
    expect(choose([], 'failed')).toEqual(none);
  });
});

describe('all', () => {
  test('means everybody, if the mail finally failed', () => {
    expect(choose([failed(A), failed(B)], 'all', { status: 'failed' })).toMatchObject({ kind: 'chosen', isWhole: true });
    expect(choose([A], 'all', { status: 'unaccounted' })).toMatchObject({ kind: 'chosen', isWhole: true });
    expect(choose([], 'all', { status: 'unaccounted' })).toEqual({ kind: 'chosen', recipients: [], isWhole: true });
    expect(choose([], 'failed', { status: 'expired' })).toEqual({ kind: 'chosen', recipients: [], isWhole: true });
  });

  test('is refused once Exchange has the mail: a recipient would get it twice', () => {
    for (const status of ['accepted', 'sent', 'closed'] as const) {
      expect(choose([failed(A), B], 'all', { status })).toEqual({
        kind: 'impossible',
        why: `The send request is ${status}: Exchange has taken the mail, so it is not sent to everybody again. To send it again to the recipients that failed, post {"recipients": "failed"}.`,
      });
    }
  });
});

test.each(['queued', 'submitting', 'deferred', 'inDoubt', 'cancelled', 'created'] as const)(
  '%s is refused: it may still go out, or nothing is to be sent',
  (status) => {
    const why = `The send request is ${status}: only one that has finally failed can be sent again.`;
    for (const asked of ['all', 'failed', [{ address: A.address }]] as const)
      expect(choose([failed(A)], asked, { status })).toEqual({ kind: 'impossible', why });
  },
);

describe('a list', () => {
  test('names recipients that failed, and corrects addresses; the order does not matter', () => {
    const asked = [{ address: 'C@Example.com' }, { address: 'ada@example.org', replaces: A.address }];
    expect(choose([failed(A), delivered(B), failed(C)], asked)).toEqual({
      kind: 'chosen',
      recipients: [{ address: 'ada@example.org', type: 'to', replaces: A.address }, C],
      isWhole: false,
    });
    expect(choose([failed(A), failed(B)], [{ address: B.address }, { address: A.address }])).toEqual({
      kind: 'chosen',
      recipients: [A, B],
      isWhole: true,
    });
    expect(choose([failed(A)], [{ address: 'ada@example.org', replaces: A.address }])).toMatchObject({ isWhole: false });
  });

  test('of a mail that may have gone out is a decision of the person who names them', () => {
    expect(addresses([A, B], [{ address: B.address }], { status: 'unaccounted' })).toEqual([B.address]);
  });

  test('of equal recipients means the first', () => {
    expect(choose([failed(A), failed({ ...A, type: 'cc' })], [{ address: A.address }])).toMatchObject({ recipients: [A] });
  });

  test.each([
    ['an unknown recipient', [{ address: 'x@example.com', replaces: 'nobody@example.com' }], "'nobody@example.com' is not a recipient"],
    ['an unknown recipient by itself', [{ address: 'nobody@example.com' }], "'nobody@example.com' is not a recipient"],
    ['what is no address', [{ address: 'no address', replaces: A.address }], 'Recipient "no address" isn\'t resolved'],
    ['a recipient twice', [{ address: 'x@example.com', replaces: A.address }, { address: A.address }], "'a@example.com' is named twice"],
    [
      'an address twice',
      [
        { address: 'x@example.com', replaces: A.address },
        { address: 'X@example.com', replaces: C.address },
      ],
      "'X@example.com' is named twice",
    ],
    [
      'another recipient as the new address',
      [{ address: B.address, replaces: A.address }],
      "'b@example.com' is a recipient of the send request already",
    ],
  ])('with %s is wrong, and says where', (_, asked, message) => {
    expect(choose([failed(A), delivered(B), failed(C)], asked)).toMatchObject({
      kind: 'refused',
      problem: { status: 400, message: expect.stringContaining(message) },
    });
  });

  test('with a recipient that has not failed is refused: it may have the mail', () => {
    expect(choose([failed(A), delivered(B), C], [{ address: 'x@example.com', replaces: B.address }])).toMatchObject({
      kind: 'impossible',
      why: "The send request is sent, and 'b@example.com' has not failed: it is delivered. It may have the mail.",
    });
    expect(choose([failed(A), delivered(B), C], [{ address: C.address }])).toMatchObject({
      why: expect.stringContaining('nothing was reported of it'),
    });
  });
});

describe('what was sent again before', () => {
  const [OLD, NEW] = ['01old', '01new'];

  test('is not chosen again: the same resend twice is one', () => {
    const resent = failed(A, { resentAs: OLD });
    expect(choose([resent, delivered(B)], 'failed', { resentAs: OLD })).toEqual({ kind: 'before', as: OLD });
    expect(addresses([resent, failed(B)], 'failed', { resentAs: OLD })).toEqual([B.address]);
    expect(choose([resent, failed(B)], 'all', { status: 'failed', resentAs: OLD })).toEqual({
      kind: 'chosen',
      recipients: [B],
      isWhole: false,
    });
  });

  test('as a whole, by a version that noted no recipients, counts for each of them', () => {
    expect(choose([failed(A), failed(B)], 'all', { status: 'failed', resentAs: OLD })).toEqual({ kind: 'before', as: OLD });
    expect(choose([failed(A), failed(B)], [{ address: A.address }], { status: 'failed', resentAs: OLD })).toMatchObject({
      kind: 'impossible',
      why: expect.stringContaining(`as ${OLD}`),
    });
    expect(choose([], 'all', { status: 'expired', resentAs: OLD })).toEqual({ kind: 'before', as: OLD });
  });

  test('gets the same answer, whatever became of the request since', () => {
    expect(choose([failed(A, { resentAs: OLD })], 'all', { status: 'closed', resentAs: OLD })).toEqual({ kind: 'before', as: OLD });
  });

  const CORRECTED: Earlier = [{ address: 'ada@example.org', type: 'to', replaces: A.address, as: OLD }];

  test('with the same corrected address is the same resend', () => {
    const asked = [{ address: 'Ada@example.org', replaces: 'A@example.com' }];
    const recipients = [failed(A, { resentAs: OLD }), failed(C)];
    expect(choose(recipients, asked, { resentAs: NEW, earlier: CORRECTED })).toEqual({ kind: 'before', as: OLD });
    expect(choose(recipients, [{ address: C.address }], { resentAs: NEW, earlier: CORRECTED })).toMatchObject({ kind: 'chosen' });
    expect(choose([failed(A, { resentAs: OLD })], [{ address: A.address }], { resentAs: OLD, earlier: [{ ...A, as: OLD }] })).toEqual({
      kind: 'before',
      as: OLD,
    });
  });

  test('with another address is refused, and names the resend that can be sent again', () => {
    expect(
      choose([failed(A, { resentAs: OLD })], [{ address: 'eve@example.org', replaces: A.address }], { resentAs: OLD, earlier: CORRECTED }),
    ).toEqual({
      kind: 'impossible',
      why: `The mail was sent again to 'a@example.com' already, as ${OLD}. If that failed, send ${OLD} again.`,
    });
  });

  test('to a corrected address is not sent there a second time in place of another recipient', () => {
    const asked = [{ address: 'ada@example.org', replaces: C.address }];
    expect(choose([failed(A, { resentAs: OLD }), failed(C)], asked, { resentAs: OLD, earlier: CORRECTED })).toMatchObject({
      kind: 'impossible',
      why: expect.stringContaining("'ada@example.org' already"),
    });
  });
});

test('the name of a resend tells requests, recipients and corrections apart', () => {
  const texts = [
    resendText('1', [A]),
    resendText('2', [A]),
    resendText('1', [A, B]),
    resendText('1', [{ ...A, replaces: B.address }]),
    resendText('1', [{ ...A, type: 'cc' }]),
  ];
  expect(new Set(texts).size).toBe(texts.length);
});

test('each recipient notes the resend that covers it', () => {
  expect(withResent([failed(A), B, C], [{ ...A, address: 'x@example.com', replaces: 'A@EXAMPLE.com' }, C], 'new')).toEqual([
    failed(A, { resentAs: 'new' }),
    B,
    { ...C, resentAs: 'new' },
  ]);
});
