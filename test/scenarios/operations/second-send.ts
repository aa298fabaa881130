// Two requests for one draft at the same time, and both answers that Exchange has been seen to give to the second send.
import { expect, test } from 'vitest';
import type { RunningStack } from '../../support/running-stack.ts';
import { until } from '../../support/until.ts';
import { at, handedOn, post } from './operations.ts';

export function describeSecondSend(running: () => RunningStack): void {
  test.each([
    // No send of its own had been issued before: it is looked for after the grace, and refused then.
    [404, 'inDoubt'],
    [202, 'accepted'],
  ] as const)(
    'two requests that send the same draft at the same time send it once, where a second send is answered %s',
    async (answer, second) => {
      const stack = running();
      const ends = new Set<string>([second, 'rejected', 'inDoubt', 'deferred']);
      await stack.graph('PATCH', 'switches', { secondSend: answer });
      const message = { subject: 'Sent twice', toRecipients: at('other@example.com') };
      const sendTwice = async (mailbox: string): Promise<string[]> => {
        const made = await post(stack, mailbox, 'messages', message, { prefer: 'wait=30' });
        // Both see the draft unsent before either sends it, unless the second one begins late.
        await stack.fault({ mailbox, operation: 'get', when: 'after', times: 2, delay: 1_500, answer: 'normal' });
        const both = await Promise.all(
          ['u=0', 'u=3'].map((priority) => post(stack, mailbox, `messages/${made.body.id}/send`, undefined, { priority })),
        );
        const statusesOf = async () => (await Promise.all(both.map(({ location }) => stack.get(location)))).map(({ status }) => status);
        const statuses = await until(
          'one sent, the other not',
          statusesOf,
          (now) => now.includes('sent') && now.some((one) => ends.has(one)),
        );
        expect(await handedOn(stack, mailbox)).toHaveLength(1);
        return statuses;
      };
      let statuses: string[] = [];
      for (let round = 0; round < 5 && !(answer === 404 ? statuses.some((one) => ends.has(one)) : statuses.includes(second)); round++)
        statuses = await sendTwice(`sends-twice-${answer}-${round}@contoso.com`);
      if (answer === 202) expect(statuses).toContain(second);
      await stack.graph('PATCH', 'switches', { secondSend: 404 });
    },
  );
}
