// What of a mailbox's open requests a visit has to do: read once, and kept up to date with what the visit itself writes.
import type { SendRequestRecord } from '../../domain/log/send-request.ts';
import { awaitsMore, dueOf } from '../../domain/reconcile/due.ts';
import type { Agenda, OpenRequest, WriteResult } from '../../ports/status-log.ts';
import type { Context } from '../context.ts';
import { nowOf } from '../context.ts';
import { changeOf } from '../log/write-log.ts';

/** Open requests handled in one visit; the next visit goes on. */
const TOP = 500;
/** Rows of a version without an agenda that are written again at a time. */
const STRAYS = 100;

export const agendaOf = (context: Context, mailbox: string): Promise<Agenda> => context.log.agenda(mailbox, nowOf(context), TOP);

/** Rows that a version without an agenda wrote are written again, so that the agenda has them. Throws StoreUnavailable. */
export async function mendedAgenda(context: Context, mailbox: string): Promise<Agenda> {
  const { strays, ...agenda } = await context.log.comparedAgenda(mailbox, nowOf(context), TOP);
  if (strays.length === 0) return agenda;
  for (let from = 0; from < strays.length; from += STRAYS) {
    const stored = await context.log.readAll(mailbox, strays.slice(from, from + STRAYS));
    const writes = stored.map(({ value, etag }) => ({ change: changeOf(value, []), etag }));
    // A conflict means that somebody else has just written it.
    const failed = (await context.log.writeAll(mailbox, writes)).find(isFailed);
    if (failed) throw failed.reason;
  }
  return agendaOf(context, mailbox);
}

const isFailed = (result: PromiseSettledResult<WriteResult>): result is PromiseRejectedResult => result.status === 'rejected';

const byDue = (a: OpenRequest, b: OpenRequest): number => (a.due < b.due ? -1 : a.due > b.due ? 1 : 0);

/** The agenda after these changes of its requests; undefined if it does not show enough of them to tell. */
export function agendaAfter(agenda: Agenda, changed: readonly SendRequestRecord[], now: string): Agenda | undefined {
  const ids = new Set(changed.map(({ id }) => id));
  const after = (requests: readonly OpenRequest[], isAwaiting: boolean): OpenRequest[] => {
    const moved = changed.flatMap((record) => {
      const due = dueOf(record);
      return due === undefined || awaitsMore(record) !== isAwaiting ? [] : [{ id: record.id, due }];
    });
    return [...requests.filter(({ id }) => !ids.has(id)), ...moved].sort(byDue);
  };
  // What the agenda does not show is due later than what it shows.
  const showsNext = agenda.others.some(({ id, due }) => !ids.has(id) && due > now);
  if (agenda.isCut || !(agenda.isWhole || showsNext)) return undefined;
  const [awaiting, others] = [after(agenda.awaiting, true), after(agenda.others, false)];
  const all = [...awaiting, ...others].sort(byDue);
  const nextDue = all.find(({ due }) => due > now)?.due;
  const due = all.filter((one) => one.due <= now).slice(0, TOP);
  return { due, awaiting, others, ...(nextDue !== undefined && { nextDue }), ...(agenda.isWhole && { isWhole: true }) };
}
