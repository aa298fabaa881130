// Who acts on send requests, and one that there is something to be done about.
import { expect } from 'vitest';
import type { Caller } from '../../../shared/domain/accept/caller.ts';
import type { SendRequestFilter } from '../../../shared/domain/log/filter.ts';
import type { EnqueueCommand } from '../../../shared/usecases/accept/enqueue-command.ts';
import type { BulkAction, BulkOrder } from '../../../shared/usecases/act/act-by-filter.ts';
import { answered, type Stage } from '../usecases/stage.ts';

export const OWNER: Caller = { application: 'application-1', roles: ['SendRequests.Create'], delegated: false };
export const OPERATOR: Caller = { application: 'operator', roles: ['SendRequests.Read.All', 'SendRequests.Manage.All'], delegated: false };

/** What an operator orders by a filter. */
export const byFilter = (action: BulkAction, filter: SendRequestFilter, dryRun: boolean, more: Partial<BulkOrder> = {}): BulkOrder => ({
  action,
  filter,
  dryRun,
  recipients: 'all',
  ...more,
});

/** The id of a send request that Graph has refused for good; its content is kept. */
export async function rejected(stage: Stage, more: Partial<EnqueueCommand> = {}): Promise<string> {
  const id = await stage.post(more);
  stage.graph.answerNext('submit', answered(400, 'ErrorInvalidRecipients'));
  await stage.deliverAll();
  expect((await stage.record(id)).status).toBe('rejected');
  return id;
}
