// Two requests for one draft at the same time, and both answers that Exchange has been seen to give to the second send.
import { expect, test } from 'vitest';
import type { RunningStack, SendRequest } from '../../support/running-stack.ts';
import { until } from '../../support/until.ts';
import { at, post, transported } from './operations.ts';

const isSettled = ({ status }: SendRequest): boolean => ['accepted', 'sent', 'rejected'].includes(status);

/** Neither was refused. */
const bothSent = (ended: readonly SendRequest[]): boolean => ended.length === 2 && ended.every(({ status }) => status !== 'rejected');

export function describeSecondSend(running: () => RunningStack): void {
  test.each([
    // None of its own sends had left before, so it looks for the draft: it was sent, and it is not said by whom.
    { answer: 404, hadDoubt: true },
    { answer: 202, hadDoubt: false },
  ])('two requests that send the same draft at the same time send it once, where a second send is answered $answer', async (row) => {
    const stack = running();
    await stack.graph('PATCH', 'switches', { secondSend: row.answer });
    const message = { subject: 'Sent twice', toRecipients: at('other@example.com') };
    const sendTwice = async (mailbox: string): Promise<SendRequest[]> => {
      const made = await post(stack, mailbox, 'messages', message, { prefer: 'wait=30' });
      // Both have read the draft as unsent before either sends it.
      await stack.fault({ mailbox, operation: 'get', when: 'after', times: 2, delay: 2_000, answer: 'normal' });
      const path = `messages/${made.body.id}/send`;
      const both = await Promise.all(['u=0', 'u=3'].map((priority) => post(stack, mailbox, path, undefined, { priority })));
      const read = () => Promise.all(both.map(({ location }) => stack.get(location)));
      const ended = await until('both are settled', read, (now) => now.every(isSettled));
      expect(await transported(stack, mailbox)).toHaveLength(1);
      return ended;
    };
    // On a busy machine one of them may read the draft after it was sent. It is refused then.
    let ended: SendRequest[] = [];
    for (let round = 0; round < 5 && !bothSent(ended); round++) ended = await sendTwice(`sends-twice-${row.answer}-${round}@contoso.com`);
    expect(bothSent(ended)).toBe(true);
    expect(ended.some(({ events }) => events.some(({ type }) => type === 'outcomeUnknown'))).toBe(row.hadDoubt);
    await stack.graph('PATCH', 'switches', { secondSend: 404 });
  });
}
