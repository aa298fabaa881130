// A process that dies in the middle of a resend: each recipient gets the mail once, and the two requests are linked.
import { beforeEach, describe, expect, test } from 'vitest';
import type { AskedRecipients } from '../../../shared/domain/act/choose-recipients.ts';
import { Stage } from '../usecases/stage.ts';
import { B, type Bounces, bounceOn, C, newId } from './bounced.ts';

let stage: Stage;
let at: Bounces;
beforeEach(() => {
  stage = new Stage();
  at = bounceOn(stage);
});

/** Every write of a resend, in its order: the record with its key, the queue message, its confirmation, the link. */
const WRITES = [
  ['log.create', 0],
  ['queue.enqueue', 0],
  ['log.write', 0],
  ['log.write', 1],
] as const;
const POINTS = WRITES.flatMap(([call, skip]) => (['before', 'after'] as const).map((when) => [when, call, skip] as const));

describe('a process that dies', () => {
  /** The confirmation need not succeed, since the worker's writes confirm the request, too: then the resend goes on. */
  async function interrupted(id: string, [when, call, skip]: (typeof POINTS)[number], asked: AskedRecipients): Promise<void> {
    let hasDied = false;
    const die = () => {
      hasDied = true;
      throw new Error('the process died');
    };
    stage[when](call, die, skip);
    await at.resend(id, asked).catch(({ message }: Error) => expect(message).toBe('the process died'));
    expect(hasDied).toBe(true);
  }

  test.each(POINTS)('%s %s (%i): a repeat gives the same new request, and the link', async (...point) => {
    const id = await at.bounced([B]);
    await interrupted(id, point, 'failed');
    const made = newId(await at.resend(id, 'failed'));
    expect(await stage.record(id)).toMatchObject({ resentAs: made });
    expect(await at.recipientsOf(id)).toMatchObject([{}, { address: B, resentAs: made }, {}]);
    expect(await at.sentAgain(id)).toEqual({ [B]: 1 });
    expect(stage.graph.submissions).toHaveLength(2);
  });

  test.each(POINTS)('%s %s (%i): a resend to others finishes what was begun, and sends to nobody twice', async (...point) => {
    const id = await at.bounced([B]);
    await interrupted(id, point, [{ address: 'bob@example.org', replaces: B }]);
    await at.fails(id, [C]);
    newId(await at.resend(id, [{ address: C }]));
    const begun = (await at.recipientsOf(id)).find(({ address }) => address === B)?.resentAs;
    if (begun === undefined) newId(await at.resend(id, [{ address: 'bob@example.org', replaces: B }]));
    expect(await at.sentAgain(id)).toEqual({ 'bob@example.org': 1, [C]: 1 });
  });

  test.each(POINTS)('%s %s (%i): while the mail goes out, too', async (...point) => {
    const id = await at.bounced([B]);
    await interrupted(id, point, 'failed');
    await stage.deliverAll();
    await at.fails(id, [C]);
    newId(await at.resend(id, 'failed'));
    expect(await at.sentAgain(id)).toEqual({ [B]: 1, [C]: 1 });
    expect((await at.recipientsOf(id)).filter(({ resentAs }) => resentAs !== undefined)).toHaveLength(2);
  });
});
