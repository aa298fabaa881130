// One Idempotency-Key on many posts at once, with the real arbiter: Table Storage.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { Table } from '../../../shared/adapters/table-storage/table.ts';
import { makeTableClient } from '../../../shared/adapters/table-storage/table-client.ts';
import { TableStatusLog } from '../../../shared/adapters/table-storage/table-status-log.ts';
import { enqueueSendRequest } from '../../../shared/usecases/accept/enqueue-send-request.ts';
import { submitSendRequest } from '../../../shared/usecases/submit/submit-send-request.ts';
import { firstDelivery } from '../../fakes/first-delivery.ts';
import { newMailbox } from '../../support/samples.ts';
import { newStorageAccount, type StorageAccount } from '../../support/storage-account.ts';
import { command, Stage } from '../../unit/usecases/stage.ts';

let account: StorageAccount;
beforeAll(async () => {
  account = await newStorageAccount();
});
afterAll(() => account.close());

test('an Idempotency-Key on a thousand posts at once is one mail and one answer', async () => {
  const mailbox = newMailbox();
  const stage = new Stage();
  const context = {
    ...stage.context,
    log: new TableStatusLog(new Table(makeTableClient({ connectionString: account.connectionString }))),
  };
  const ids = new Set<string>();
  // In batches as an instance of the app takes them; each batch races in itself, and with rows half confirmed.
  for (let batch = 0; batch < 10; batch++) {
    const posts = Array.from({ length: 100 }, () => enqueueSendRequest(context, command({ mailbox, idempotencyKey: 'invoice-4711' })));
    for (const outcome of await Promise.all(posts)) ids.add(outcome.kind === 'accepted' ? outcome.id : outcome.kind);
  }
  expect([...ids]).toEqual([expect.stringMatching(/^[0-9a-z]{28}$/)]);
  expect(stage.queue.queued).toHaveLength(1);
  for (let one = stage.queue.take(); one; one = stage.queue.take()) await submitSendRequest(context, one.message, firstDelivery);
  expect(stage.graph.submissions).toHaveLength(1);
  const [id] = ids;
  const events = await context.log.events(mailbox, id as string);
  expect(events.map(({ type }) => type)).toEqual(['enqueued', 'submissionStarted', 'submissionAccepted']);
});
