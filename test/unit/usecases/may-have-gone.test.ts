// A send whose outcome was never known, and whose item is a draft after the grace: flags prove nothing, so the log never says "not sent".
import { describe, expect, test } from 'vitest';
import { Actions } from '../../../shared/usecases/act/actions.ts';
import { byFilter, OPERATOR } from '../actions/acting.ts';
import { answered, HOUR, MAILBOX, MINUTE, NO_ANSWER, Stage } from './stage.ts';

const THROTTLED = answered(429, 'ApplicationThrottled', 30 * MINUTE);

const CASES = [
  { route: 'draft', flags: 'unreadable' },
  { route: 'draft', flags: 'wrong' },
  { route: 'direct', flags: 'wrong' },
] as const;

/** The mail goes out, its answer is lost, and Exchange carries it in Drafts. It is in doubt, and the grace is over. */
async function carried({ route, flags }: (typeof CASES)[number], lifetimeMs = 48 * HOUR): Promise<{ stage: Stage; id: string }> {
  const stage = new Stage({ proven: route === 'direct' ? ['json'] : [], rules: { sendLifetimeMs: lifetimeMs } });
  Object.assign(stage.graph, { holding: true, messageFlags: flags });
  const id = await stage.post();
  stage.graph.answerNext(route === 'direct' ? 'submit' : 'sendDraft', NO_ANSWER, true);
  await stage.deliver();
  expect((await stage.record(id)).status).toBe('inDoubt');
  stage.clock.advance(6 * MINUTE);
  return { stage, id };
}

/** The second send was throttled: the request waits, out of doubt. */
async function waiting(one: (typeof CASES)[number], lifetimeMs?: number): Promise<{ stage: Stage; id: string }> {
  const { stage, id } = await carried(one, lifetimeMs);
  stage.graph.answerNext('sendDraft', THROTTLED);
  await stage.deliver();
  expect(await stage.record(id)).toMatchObject({ status: 'deferred', mayHaveGone: true });
  return { stage, id };
}

const removals = (stage: Stage) => stage.graph.calls.filter(({ operation }) => operation === 'remove');

describe.each(CASES)('by the $route route, with flags that are $flags', (one) => {
  test('a cancellation stops it, and the answer says that it may have gone', async () => {
    const { stage, id } = await waiting(one);
    const actions = new Actions(stage.context, stage.log);
    const acted = await actions.cancel(OPERATOR, { mailbox: MAILBOX, id });
    expect(acted).toMatchObject({ kind: 'impossible', record: { status: 'unaccounted' } });
    expect(acted).toHaveProperty(
      'why',
      expect.stringContaining('is unaccounted: it is not tried any more, but an earlier attempt may have'),
    );
    expect(stage.telemetry.named('operatorAction')).toHaveLength(1);
    expect(await actions.cancel(OPERATOR, { mailbox: MAILBOX, id })).toMatchObject({
      kind: 'impossible',
      record: { status: 'unaccounted' },
    });
    expect(stage.telemetry.named('operatorAction')).toHaveLength(1);
    await stage.deliverAll();
    expect(stage.graph.submissions).toHaveLength(1);
    expect((await stage.log.events(MAILBOX, id)).at(-1)?.detail).toBe('by application operator; an earlier attempt may have sent it');
  });

  test('what was stopped keeps its draft, and its content: a person may send it again', async () => {
    const { stage, id } = await waiting(one);
    const actions = new Actions(stage.context, stage.log);
    await actions.cancel(OPERATOR, { mailbox: MAILBOX, id });
    await stage.deliverAll();
    expect(removals(stage)).toEqual([]);
    expect(await actions.byFilter(OPERATOR, byFilter('resend', { mailbox: MAILBOX }, false))).toMatchObject({ each: [] });
    expect(await actions.resend(OPERATOR, { mailbox: MAILBOX, id }, {}, async () => undefined)).toMatchObject({ kind: 'resent' });
  });

  test('at the end of its lifetime it is unaccounted, and its draft stays', async () => {
    const { stage, id } = await waiting(one, 20 * MINUTE);
    await stage.deliverAll();
    expect((await stage.record(id)).status).toBe('unaccounted');
    expect((await stage.log.events(MAILBOX, id)).at(-1)?.detail).toContain('not known to be submitted by');
    expect(removals(stage)).toEqual([]);
    expect(stage.graph.submissions).toHaveLength(1);
  });

  test('a second send that is refused does not make it rejected', async () => {
    const { stage, id } = await carried(one);
    stage.graph.answerNext('sendDraft', answered(400, 'ErrorInvalidRecipients'));
    await stage.deliver();
    expect(await stage.record(id)).toMatchObject({ status: 'unaccounted', error: { code: 'ErrorInvalidRecipients' } });
    expect(removals(stage)).toEqual([]);
  });

  test('once its copy is in Sent Items it is sent, and nothing is doubtful any more', async () => {
    const { stage, id } = await waiting(one);
    stage.graph.deliverHeld();
    await stage.deliverAll();
    const record = await stage.record(id);
    expect(record.status).toBe('sent');
    expect(record).not.toHaveProperty('mayHaveGone');
    expect(stage.graph.submissions).toHaveLength(1);
  });
});

test('a draft whose send is known to be refused is not one of them: it can be cancelled, and expires', async () => {
  const stage = new Stage({ proven: [] });
  const id = await stage.post();
  stage.graph.answerNext('sendDraft', THROTTLED);
  await stage.deliver();
  expect(await new Actions(stage.context, stage.log).cancel(OPERATOR, { mailbox: MAILBOX, id })).toMatchObject({ kind: 'done' });
  await stage.deliverAll();
  expect(removals(stage)).toHaveLength(1);
});

test('a POST that was refused, and left a draft all the same, has not expired', async () => {
  const stage = new Stage({ rules: { sendLifetimeMs: 20 * MINUTE } });
  Object.assign(stage.graph, { holding: true, messageFlags: 'wrong' });
  const id = await stage.post();
  stage.graph.answerNext('submit', THROTTLED, true);
  await stage.deliver();
  await stage.deliverAll();
  expect(await stage.record(id)).toMatchObject({ status: 'unaccounted', mayHaveGone: true });
  expect(stage.graph.submissions).toHaveLength(1);
});
