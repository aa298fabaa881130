// The same request again, by an Idempotency-Key: one mail, and a log that tells the truth.

import { beforeEach, describe, expect, test } from 'vitest';
import type { EnqueueCommand } from '../../../shared/usecases/accept/enqueue-command.ts';
import { enqueueSendRequest } from '../../../shared/usecases/accept/enqueue-send-request.ts';
import { command, content, HOUR, idOf, Stage } from '../usecases/stage.ts';

let stage: Stage;
beforeEach(() => {
  stage = new Stage();
});

const post = (more: Partial<EnqueueCommand>, context = stage.context) => enqueueSendRequest(context, command(more));

describe('an Idempotency-Key', () => {
  test('with two contents that race: one is sent, all others get 422, and the log has the one', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, n) => post({ idempotencyKey: 'k', content: content(n % 2 ? 'odd' : 'even') })),
    );
    const accepted = new Set(outcomes.filter(({ kind }) => kind === 'accepted').map(idOf));
    expect(accepted.size).toBe(1);
    expect(outcomes.filter(({ kind }) => kind === 'keyReused')).toHaveLength(25);
    await stage.deliverAll();
    expect(stage.graph.submissions).toHaveLength(1);
    const [id] = accepted;
    const sent = JSON.stringify(stage.graph.submissions[0]);
    const won = outcomes[0]?.kind === 'accepted' ? 'even' : 'odd';
    expect(sent).toContain(won);
    expect((await stage.record(id as string)).status).toBe('accepted');
  });

  test('tells two redirected mails apart by whom they were for, though both go to one address', async () => {
    const redirected = (address: string): Partial<EnqueueCommand> => ({
      idempotencyKey: 'k',
      redirectedTo: 'test-mail@contoso.com',
      recipients: [{ address, type: 'to' }],
    });
    await post(redirected('one@example.com'));
    expect((await post(redirected('one@example.com'))).kind).toBe('accepted');
    expect((await post(redirected('other@example.com'))).kind).toBe('keyReused');
  });

  test('belongs to application and mailbox: others are free to use the same', async () => {
    const ids = [
      await post({ idempotencyKey: 'k' }),
      await post({ idempotencyKey: 'k', application: 'application-2' }),
      await post({ idempotencyKey: 'k', mailbox: 'other@contoso.com' }),
    ].map(idOf);
    expect(new Set(ids).size).toBe(3);
  });

  test('holds for as long as the row, whatever became of the mail', async () => {
    const first = idOf(await post({ idempotencyKey: 'k' }));
    await stage.deliverAll();
    stage.clock.advance(80 * 24 * HOUR);
    expect(await post({ idempotencyKey: 'k' })).toMatchObject({ kind: 'accepted', id: first, status: 'accepted' });
    expect(stage.queue.queued).toHaveLength(0);
  });

  test('of which there are ten thousand takes no memory of the process and mixes nothing up', async () => {
    const ids = new Set<string>();
    for (let n = 0; n < 10_000; n++) ids.add(idOf(await post({ idempotencyKey: `key-${n}` })));
    expect(ids.size).toBe(10_000);
    expect(idOf(await post({ idempotencyKey: 'key-77' }))).toBe([...ids][77]);
  });

  test('on large content leaves one claim check, whoever wins', async () => {
    const large = content('x'.repeat(300_000));
    for (let n = 0; n < 5; n++) await post({ idempotencyKey: 'k', content: large });
    await post({ idempotencyKey: 'k', content: content('y'.repeat(300_000)) });
    expect(stage.contents.contents.size).toBe(1);
    await stage.deliverAll();
    expect(stage.contents.contents.size).toBe(0);
  });

  test('whose first answer was lost is enqueued under the same id', async () => {
    stage.queue.answerNext({ kind: 'unknown', reason: 'no answer' }, true);
    expect(await post({ idempotencyKey: 'k' })).toMatchObject({ kind: 'unavailable' });
    const second = idOf(await post({ idempotencyKey: 'k' }));
    expect(stage.queue.queued.map(({ message }) => message.id)).toEqual([second]);
    await stage.deliverAll();
    expect(stage.graph.submissions).toHaveLength(1);
  });
});
