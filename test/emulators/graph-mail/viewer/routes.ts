// The mailbox viewer: its page, and what the page reads. Nothing here changes anything; the page's buttons call the control API.
import { showDelivery } from '../control/show.ts';
import type { Answer } from '../http/answer.ts';
import { errors } from '../http/errors.ts';
import type { GraphRequest } from '../http/request.ts';
import { stageNames } from '../options.ts';
import type { EmulatorState } from '../state.ts';
import { asset, page } from './assets.ts';
import { listMails } from './list.ts';
import { mailAnswer } from './mail.ts';
import type { Deliveries, Overview } from './shapes.ts';

const NEWEST_DELIVERIES = 100;

function overviewOf(state: EmulatorState, controlled: boolean): Overview {
  const pending = state.stages.pending();
  const holds = state.stages.holds();
  return {
    now: new Date(state.clock.now()).toISOString(),
    isFrozen: state.clock.isFrozen(),
    controlled,
    mailboxes: state.directory.list().map((mailbox) => ({
      address: mailbox.address,
      state: mailbox.state,
      folders: [...mailbox.folders.values()].map(({ id, displayName }) => ({ name: displayName, items: mailbox.itemsIn(id).length })),
    })),
    faults: state.faults.list().map(({ id, operation, mailbox, when, fired, times }) => ({
      id,
      operation,
      ...(mailbox === undefined ? {} : { mailbox }),
      when,
      fired,
      times,
    })),
    stages: stageNames.map((name) => ({
      name,
      waiting: pending.filter(({ stage }) => stage === name).length,
      held: holds.filter(({ stage }) => stage === name || stage === undefined).map(({ mailbox }) => mailbox ?? null),
    })),
  };
}

function newestDeliveries(state: EmulatorState): Deliveries {
  const newest = state.journal.list().slice(-NEWEST_DELIVERIES).reverse();
  return { value: newest.map((record) => showDelivery(record, false)) };
}

export async function viewerRequest(state: EmulatorState, request: GraphRequest, controlled: boolean): Promise<Answer> {
  const [first, part = '', ...rest] = request.segments;
  if (request.method !== 'GET') throw errors.methodNotAllowed();
  if (first === undefined || (first === 'mailbox' && part === '')) return page();
  if (first !== 'viewer') throw errors.unknownSegment(first);
  if (part === 'overview') return { status: 200, json: overviewOf(state, controlled) };
  if (part === 'deliveries') return { status: 200, json: newestDeliveries(state) };
  if (part === 'mails') return rest.length > 0 ? mailAnswer(state, rest) : { status: 200, json: listMails(state, request.query) };
  const file = await asset(part);
  if (file === undefined) throw errors.unknownSegment(part);
  return file;
}
