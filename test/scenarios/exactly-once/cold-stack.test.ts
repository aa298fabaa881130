// A cold stack, no mark proven yet, whose first sending calls to Graph all lose their connection: twenty mails arrive, each once.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Passed } from '../../support/fault-proxy.ts';
import { type ProxiedStack, startProxiedStack } from '../../support/proxied-stack.ts';

const MAILS = 20;
const MAILBOXES = 5;

const isSending = ({ method, path }: Passed): boolean => method === 'POST' && /\/(sendMail|messages|send)(\?|$)/.test(path);

describe.concurrent.each([
  { when: 'before', fault: { kind: 'reset' } },
  { when: 'after', fault: { kind: 'loseAnswer' } },
] as const)('a cold stack whose first connections drop $when the mail was taken', ({ when, fault }) => {
  let stack: ProxiedStack;
  beforeAll(async () => {
    stack = await startProxiedStack({ proxied: ['graph', 'tokens'], proven: false, settings: { RECONCILE_SCHEDULE: '*/2 * * * * *' } });
  });
  afterAll(() => stack?.close());

  test(`the first ${MAILS} sending calls are dropped, and every mail is sent exactly once`, async () => {
    stack.graphProxy.inject(Array(MAILS).fill(fault), isSending);
    const mails = Array.from({ length: MAILS }, (_, n) => ({ subject: `cold ${when} ${n}`, mailbox: `cold-${n % MAILBOXES}@contoso.com` }));
    for (const { status } of await Promise.all(mails.map((mail) => stack.send(mail)))) expect(status).toBe(202);
    const records = await stack.ended(MAILS);
    expect(stack.graphProxy.pending()).toBe(0);
    const transported = [...(await stack.journal()).values()].flat().map(({ subject }) => subject);
    expect(transported.sort()).toEqual(mails.map(({ subject }) => subject).sort());
    expect(records.map(({ status }) => status).filter((status) => status !== 'sent' && status !== 'accepted')).toEqual([]);
  });
});
