// The agenda of a mailbox: a row for each open request, first those that await more than the end of their report window, each in the order of what is due.
import type { Agenda, OpenRequest } from '../../ports/status-log.ts';
import { encodeKey, rowKeys, startsWith } from './keys.ts';
import type { Entity, Table } from './table.ts';

/** Most mailboxes have fewer open requests that are due at a time, and many have fewer at all. */
const PAGE = 40;

/** Of a row of the agenda: its key ends with it. */
const idOf = ({ rowKey }: Entity): string => rowKey.slice(rowKey.lastIndexOf('!') + 1);

const toOpenRequest = (row: Entity): OpenRequest => ({ id: idOf(row), due: String(row['due']) });

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const awaitsMore = ({ rowKey }: Entity): boolean => rowKey.startsWith(rowKeys.agendas(true));

const isDue = (row: Entity | undefined, now: string): boolean => row !== undefined && String(row['due']) <= now;

function toAgenda(awaiting: readonly Entity[], others: readonly Entity[], now: string, top: number): Agenda {
  const agenda = { awaiting: awaiting.map(toOpenRequest), others: others.map(toOpenRequest) };
  const all = [...agenda.awaiting, ...agenda.others].sort((a, b) => compare(a.due, b.due));
  const nextDue = all.find(({ due }) => due > now)?.due;
  return { ...agenda, due: all.filter(({ due }) => due <= now).slice(0, top), ...(nextDue !== undefined && { nextDue }) };
}

/** One page has all that most mailboxes have. What is not due yet is read only as far as the page goes. */
export async function readAgenda(table: Table, mailbox: string, now: string, top: number): Promise<Agenda> {
  const partition = encodeKey(mailbox);
  const list = (prefix: string, rows: number) => table.list(startsWith(partition, prefix), { top: rows });
  const page = await list(rowKeys.wholeAgenda, PAGE);
  let [awaiting, others] = [page.filter(awaitsMore), page.filter((row) => !awaitsMore(row))];
  if (page.length < PAGE) return { ...toAgenda(awaiting, others, now, top), isWhole: true };
  const isCut = others.length === 0;
  if (isCut) others = await list(rowKeys.agendas(false), PAGE);
  if (isCut && isDue(awaiting.at(-1), now)) awaiting = await list(rowKeys.agendas(true), top);
  if (isDue(others.at(-1), now)) others = await list(rowKeys.agendas(false), top);
  return { ...toAgenda(awaiting, others, now, top), ...(isCut && { isCut }) };
}

/**
 * Versions without an agenda know the rows `o!{id}` only, and write no others: both are kept, so that a version that an operator rolls
 * back to finds every open request. It compares `due` as text.
 * The agenda is read first. If a request changes between the two lists, its row of then is gone, and the deletion by ETag meets nothing. In the
 * other order its new row would be deleted, and nothing would look for the request any more.
 */
export async function compareAgenda(table: Table, mailbox: string, now: string, top: number): Promise<Agenda & { strays: string[] }> {
  const partition = encodeKey(mailbox);
  const agenda = await table.list(startsWith(partition, rowKeys.wholeAgenda));
  const open = await table.list(startsWith(partition, rowKeys.allOpen));
  const dueById = new Map(open.map((row) => [row.rowKey.slice(rowKeys.allOpen.length), String(row['due'])]));
  const isRight = (row: Entity): boolean => dueById.get(idOf(row)) === String(row['due']);
  for (const row of agenda) if (!isRight(row)) await table.delete(partition, row.rowKey, row.etag);
  const right = agenda.filter(isRight);
  const known = new Set(right.map(idOf));
  const strays = [...dueById.keys()].filter((id) => !known.has(id));
  const others = right.filter((row) => !awaitsMore(row));
  return { ...toAgenda(right.filter(awaitsMore), others, now, top), isWhole: true, strays };
}
