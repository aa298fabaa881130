// Graph makes a draft, and an error leaves it there unsent: at each call that submits, with message flags that can be read, cannot, and lie.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ProxiedStack, startProxiedStack } from '../../support/proxied-stack.ts';
import { WHEN_TOLD } from '../../support/running-stack.ts';
import { SELDOM, until } from '../../support/until.ts';

const ANSWERS = { '500': { status: 500 }, '504': { status: 504 }, '404': { status: 404 }, reset: 'reset' } as const;
type Answer = keyof typeof ANSWERS;
type Flags = 'readable' | 'unreadable' | 'wrong';

interface Case {
  name: string;
  mailbox: string;
  answer: Answer;
  flags: Flags;
}

const casesOf = (operation: string): Case[] =>
  (Object.keys(ANSWERS) as Answer[]).flatMap((answer) =>
    (['readable', 'unreadable', 'wrong'] as const).map((flags) => ({
      name: `${answer} that leaves an unsent draft, flags ${flags}`,
      mailbox: `unsent-${operation}-${answer}-${flags}@contoso.com`.toLowerCase(),
      answer,
      flags,
    })),
  );

interface End {
  status: string | undefined;
  mails: number;
}

/** Posts a mail for each case, and returns what became of it. */
async function play(stack: ProxiedStack, operation: string, cases: readonly Case[], isLast: (one: Case, status: string) => boolean) {
  for (const { name, mailbox, answer, flags } of cases) {
    const effects = { leftUnsent: true, ...(flags !== 'readable' && { messageFlags: flags }) };
    await stack.fault({ id: name, mailbox, operation, when: 'after', answer: ANSWERS[answer], effects });
    const { status } = await stack.send({ mailbox, subject: name });
    if (status !== 202) throw new Error(`${name}: the door answered ${status}`);
  }
  await stack.ended(cases.length);
  const states = async () => {
    await stack.reconcile();
    return new Map((await stack.records()).map(({ mailbox, status }) => [mailbox, status]));
  };
  const all = (state: Map<string, string>) => cases.every((one) => isLast(one, state.get(one.mailbox) ?? ''));
  const state = await until('at their ends', states, all, SELDOM).catch(states);
  const journal = await stack.journal();
  const fired = await stack.fired();
  for (const { name } of cases) expect(fired[name], name).toBe(1);
  return new Map<string, End>(
    cases.map(({ name, mailbox }) => [name, { status: state.get(mailbox), mails: journal.get(mailbox)?.length ?? 0 }]),
  );
}

/** A flag that says "submitted", and on the direct route no flag at all, is believed: accepted, and an operator hears of it after an hour. */
const isBelieved = (operation: string, flags: Flags): boolean => flags === 'wrong' || (operation === 'sendMail' && flags === 'unreadable');

describe.concurrent.each([
  { operation: 'sendMail', proven: true, route: 'auto' },
  { operation: 'send', proven: false, route: 'draft' },
])('an unsent draft that $operation left', ({ operation, proven, route }) => {
  const cases = casesOf(operation);
  let stack: ProxiedStack;
  let ends: Map<string, End>;

  beforeAll(async () => {
    stack = await startProxiedStack({ proven, settings: { RECONCILE_SCHEDULE: WHEN_TOLD, SUBMISSION_ROUTE: route } });
    ends = await play(stack, operation, cases, ({ flags }, status) => status === (isBelieved(operation, flags) ? 'accepted' : 'sent'));
  });
  afterAll(() => stack?.close());

  test.each(cases)('$name', ({ name, flags }) => {
    const believed = isBelieved(operation, flags);
    expect(ends.get(name)).toEqual({ status: believed ? 'accepted' : 'sent', mails: believed ? 0 : 1 });
  });
});

test.concurrent('a mail that Exchange carries in Drafts, though its flags say that it was not submitted, is not sent twice', async () => {
  const stack = await startProxiedStack({ settings: { RECONCILE_SCHEDULE: WHEN_TOLD, SEND_LIFETIME: 'PT10S' } });
  try {
    const mailbox = 'carried@contoso.com';
    const effects = { copyStaysIn: 'drafts', messageFlags: 'wrong' };
    await stack.fault({ id: 'carried', mailbox, operation: 'sendMail', when: 'after', answer: { status: 504 }, effects });
    const { location } = await stack.send({ mailbox, subject: 'Carried' });
    await stack.untilStatus(location, 'unaccounted');
    expect(await stack.fired()).toMatchObject({ carried: 1 });
    expect(await stack.deliveries('Carried')).toHaveLength(1);
  } finally {
    await stack.close();
  }
});
