// Graph makes a draft, and an error leaves it there unsent: at each call that submits, with message flags that can be read, cannot, and lie.
import pLimit from 'p-limit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ProxiedStack, startProxiedStack } from '../../support/proxied-stack.ts';
import { WHEN_TOLD } from '../../support/running-stack.ts';
import { SELDOM, until } from '../../support/until.ts';

const ANSWERS = {
  '500': { status: 500 },
  '504': { status: 504 },
  '404': { status: 404 },
  '400 with HTML of a gateway': 'gatewayHtml400',
  '302': 'found',
  '421': 'misdirected',
  reset: 'reset',
} as const;
type Answer = keyof typeof ANSWERS;

/** What became of the mail, and what its flags say of it. `carried`: it went out, its copy stays in Drafts, and its flags deny it. */
const KINDS = {
  'left unsent, flags readable': { leftUnsent: true },
  'left unsent, flags unreadable': { leftUnsent: true, messageFlags: 'unreadable' },
  'left unsent, flags wrong': { leftUnsent: true, messageFlags: 'wrong' },
  'carried in Drafts, flags readable': { copyStaysIn: 'drafts' },
  'carried in Drafts, flags unreadable': { copyStaysIn: 'drafts', messageFlags: 'unreadable' },
  'carried in Drafts, flags wrong': { copyStaysIn: 'drafts', messageFlags: 'wrong' },
} as const;
type Kind = keyof typeof KINDS;

interface Case {
  name: string;
  mailbox: string;
  answer: Answer;
  kind: Kind;
}

const casesOf = (operation: string): Case[] =>
  (Object.keys(ANSWERS) as Answer[]).flatMap((answer, a) =>
    (Object.keys(KINDS) as Kind[]).map((kind, k) => ({
      name: `${answer}, ${kind}`,
      mailbox: `unsent-${operation.toLowerCase()}-${a}-${k}@contoso.com`,
      answer,
      kind,
    })),
  );

interface End {
  status: string;
  mails: number;
}

/**
 * A flag that says "submitted", and on the direct route no flag at all, is believed: accepted, and an operator hears of it after an hour.
 * One that says "not submitted" has that very item sent. If it went out before, Graph refuses a second sending, and the doubt ends `unaccounted`.
 */
function endOf(operation: string, kind: Kind): End {
  const direct = operation === 'sendMail';
  switch (kind) {
    case 'left unsent, flags readable':
      return { status: 'sent', mails: 1 };
    case 'left unsent, flags unreadable':
      return direct ? { status: 'accepted', mails: 0 } : { status: 'sent', mails: 1 };
    case 'left unsent, flags wrong':
      return { status: 'accepted', mails: 0 };
    case 'carried in Drafts, flags readable':
      return { status: 'accepted', mails: 1 };
    case 'carried in Drafts, flags unreadable':
      return { status: direct ? 'accepted' : 'unaccounted', mails: 1 };
    case 'carried in Drafts, flags wrong':
      return { status: 'unaccounted', mails: 1 };
  }
}

/** How many posts are on their way at a time. */
const POSTING = 8;
/** Long enough for a few looks, and the mails in doubt end with it. */
const LIFETIME_MS = 15_000;

/** Posts a mail for each case, and returns what became of it. */
async function play(stack: ProxiedStack, operation: string, cases: readonly Case[]): Promise<Map<string, Partial<End>>> {
  for (const { name, mailbox, answer, kind } of cases)
    await stack.fault({ id: name, mailbox, operation, when: 'after', answer: ANSWERS[answer], effects: KINDS[kind] });
  const limit = pLimit(POSTING);
  await limit.map(cases, async ({ name, mailbox, kind }) => {
    const ends = endOf(operation, kind).status === 'unaccounted';
    const headers = ends ? { 'send-before': new Date(Date.now() + LIFETIME_MS).toISOString() } : {};
    const { status } = await stack.send({ mailbox, subject: name, headers });
    if (status !== 202) throw new Error(`${name}: the HTTP API answered ${status}`);
  });
  await stack.ended(cases.length);
  const states = async () => {
    await stack.reconcile();
    return new Map((await stack.records()).map(({ mailbox, status }) => [mailbox, status]));
  };
  const all = (state: Map<string, string>) => cases.every(({ mailbox, kind }) => state.get(mailbox) === endOf(operation, kind).status);
  // What never comes to its end is told by the case's own test.
  const state = await until('at their ends', states, all, SELDOM).catch(states);
  const journal = await stack.journal();
  const fired = await stack.fired();
  for (const { name } of cases) expect(fired[name], name).toBe(1);
  return new Map(
    cases.map(({ name, mailbox }) => {
      const status = state.get(mailbox);
      return [name, { ...(status !== undefined && { status }), mails: journal.get(mailbox)?.length ?? 0 }];
    }),
  );
}

describe.concurrent.each([
  { operation: 'sendMail', proven: true, route: 'auto' },
  { operation: 'send', proven: false, route: 'draft' },
])('an unsent draft that $operation left', ({ operation, proven, route }) => {
  const cases = casesOf(operation);
  let stack: ProxiedStack;
  let ends: Map<string, Partial<End>>;

  beforeAll(async () => {
    stack = await startProxiedStack({ proxied: [], proven, settings: { RECONCILE_SCHEDULE: WHEN_TOLD, SUBMISSION_ROUTE: route } });
    ends = await play(stack, operation, cases);
  });
  afterAll(() => stack?.close());

  test.each(cases)('$name', ({ name, kind }) => {
    expect(ends.get(name)).toEqual(endOf(operation, kind));
  });
});
