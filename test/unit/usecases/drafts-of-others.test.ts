// A draft that another application made through this service cannot be sent by its Exchange id either.
import { beforeEach, expect, test } from 'vitest';
import { MAILBOX, Stage, unavailable } from './stage.ts';

let stage: Stage;
let draftId: string;
beforeEach(async () => {
  stage = new Stage();
  const made = await stage.post({ operation: 'createDraft', content: new TextEncoder().encode('{"subject":"x"}') });
  await stage.deliverAll();
  draftId = (await stage.record(made)).draft?.id as string;
  expect(draftId).toBeDefined();
});

const send = (application: string) =>
  stage.post({ operation: 'send', format: 'none', content: new Uint8Array(), recipients: [], targetMessageId: draftId, application });

test('its own application sends it', async () => {
  const id = await send('application-1');
  await stage.deliverAll();
  expect((await stage.record(id)).status).toBe('accepted');
  expect(stage.graph.submissions).toHaveLength(1);
});

test('another one is told that there is none', async () => {
  const id = await send('application-2');
  await stage.deliverAll();
  expect(await stage.record(id)).toMatchObject({ status: 'rejected', error: { code: 'ErrorItemNotFound' } });
  expect(stage.graph.submissions).toEqual([]);
});

test('while nobody can say who made it, it waits', async () => {
  const id = await send('application-2');
  stage.before('log.read', unavailable, 1);
  await stage.deliver();
  expect((await stage.record(id)).status).toBe('deferred');
  await stage.deliverAll();
  expect((await stage.log.read(MAILBOX, id))?.value.status).toBe('rejected');
});
