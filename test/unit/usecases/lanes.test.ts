// Which lane the mails of a mailbox take.
import { expect, test } from 'vitest';
import { Stage } from './stage.ts';

async function lanesOf(stage: Stage, count: number, more: Parameters<Stage['post']>[0] = {}): Promise<string[]> {
  const before = stage.queue.queued.length;
  for (let n = 0; n < count; n++) await stage.post(more);
  return stage.queue.queued.slice(before).map(({ message }) => message.lane);
}

test('a burst of a mailbox fills its lanes alike, in turn', async () => {
  const stage = new Stage({ rules: { lanesPerMailbox: 3 } });
  const lanes = await lanesOf(stage, 9);
  for (const lane of ['0', '1', '2']) expect(lanes.filter((one) => one === lane)).toHaveLength(3);
  expect(new Set(lanes.slice(0, 3)).size).toBe(3);
});

test('mails of other mailboxes, and urgent ones, take no turn of it', async () => {
  const stage = new Stage({ rules: { lanesPerMailbox: 2 } });
  const [first] = await lanesOf(stage, 1);
  await lanesOf(stage, 1, { mailbox: 'other@contoso.com' });
  expect(await lanesOf(stage, 1, { urgent: true })).toEqual(['urgent']);
  expect(await lanesOf(stage, 1)).toEqual([first === '0' ? '1' : '0']);
});
