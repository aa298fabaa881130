// A report on a mail in doubt: what proves that it was submitted, and what is only a claim.
import { describe, expect, test } from 'vitest';
import { group, NDR, reported, TWO } from './reported.ts';
import { MAILBOX, NO_ANSWER, Stage } from './stage.ts';

describe('a mail in doubt', () => {
  async function doubtful(
    proven: ('json' | 'mime' | 'reports')[] = ['json', 'mime', 'reports'],
    isFiled = false,
  ): Promise<{ stage: Stage; id: string }> {
    const stage = new Stage({ proven });
    const id = await stage.post({ recipients: TWO });
    stage.graph.answerNext('submit', NO_ANSWER, true);
    await stage.deliver();
    if (!isFiled) stage.graph.items.length = 0;
    return { stage, id };
  }

  test("is proven to be submitted by a report of Exchange's own class, and is never submitted again", async () => {
    const { stage, id } = await doubtful();
    await reported(stage, id, [group('a@example.com')], NDR);
    expect(await stage.record(id)).toMatchObject({ status: 'accepted', recipientCounts: { failed: 1 } });
    await stage.deliverAll();
    expect(stage.graph.calls.filter(({ operation }) => operation === 'submit')).toHaveLength(1);
  });

  test.each([
    ["a stranger's report, though it has Exchange's own class", true, ['reports'] as const],
    ["Exchange's own report, while nobody has shown that this tenant tells them apart", false, [] as const],
  ])('is not proven by %s: it is looked for at once, and the doubt stays', async (_, byStranger, more) => {
    const { stage, id } = await doubtful(['json', 'mime', ...more]);
    const looks = () => stage.graph.calls.filter(({ operation }) => operation === 'findByMark').length;
    const before = looks();
    await reported(stage, id, [group('a@example.com')], NDR, byStranger);
    expect(looks()).toBeGreaterThan(before);
    expect((await stage.record(id)).status).toBe('inDoubt');
    await stage.deliverAll();
    expect(stage.graph.calls.filter(({ operation }) => operation === 'submit')).toHaveLength(2);
  });

  test('whose mail did go out is settled by the look, though the report is a claim', async () => {
    const { stage, id } = await doubtful(['json', 'mime'], true);
    await reported(stage, id, [group('a@example.com')], NDR, true);
    expect((await stage.record(id)).status).toBe('sent');
  });

  test('is not proven by a mail that merely looks like a report: that is on record with its evidence, and the doubt stays', async () => {
    const { stage, id } = await doubtful();
    await reported(stage, id, [group('a@example.com')], 'IPM.Note');
    expect((await stage.record(id)).status).toBe('inDoubt');
    expect((await stage.log.recipients(MAILBOX, id))[0]).toMatchObject({ action: 'failed', evidence: 'mail' });
  });
});
