// What every operation gets, and how it finds what its path names.
import type { JWTPayload } from 'jose';
import type { Effects } from '../faults/effects.ts';
import type { Answer } from '../http/answer.ts';
import { errors } from '../http/errors.ts';
import type { GraphRequest } from '../http/request.ts';
import { readQueryOptions } from '../odata/query-options.ts';
import { entityContext, noExpansion, showItem, type View } from '../odata/represent.ts';
import type { EmulatorState } from '../state.ts';
import type { Item } from '../store/item.ts';
import type { Folder, Mailbox } from '../store/mailbox.ts';

export interface Call {
  readonly state: EmulatorState;
  readonly request: GraphRequest;
  readonly mailbox: Mailbox;
  readonly principal: JWTPayload;
  /** Decoded path parameters. */
  readonly params: Readonly<Record<string, string>>;
  /** What faults do to the mail afterwards. */
  readonly effects: Effects;
}

export type Operation = (call: Call) => Answer | Promise<Answer>;

/** An id is opaque, but not just anything: Graph tells malformed ones from unknown ones. */
const wellFormed = /^[A-Za-z0-9+/_=-]{16,}$/;

export function findItem({ mailbox, params }: Call): Item {
  const id = params['message'] ?? '';
  const item = mailbox.find(id);
  if (item !== undefined && !item.hidden) return item;
  throw wellFormed.test(id) ? errors.itemNotFound() : errors.malformedId();
}

export function findFolder(mailbox: Mailbox, name: string): Folder {
  const folder = mailbox.folder(name);
  if (folder !== undefined) return folder;
  throw wellFormed.test(name) ? errors.folderNotFound() : errors.malformedId();
}

function viewOf({ state, request }: Call): View {
  return { request, switches: state.switches, select: null, expand: noExpansion };
}

export function selectedView({ state, request }: Call): View {
  const { select, expand } = readQueryOptions(request, state.switches.expandWithOr === 'all');
  return { request, switches: state.switches, select, expand };
}

export function itemAnswer(call: Call, item: Item, status: number, view: View = viewOf(call)): Answer {
  const context = entityContext(call.request, call.mailbox, 'messages/$entity');
  return { status, json: { '@odata.context': context, ...showItem(item, view) } };
}

/** If-Match against the current change key. */
export function checkIfMatch({ request }: Call, etag: string): void {
  const wanted = request.headers['if-match'];
  if (wanted !== undefined && wanted !== '*' && wanted !== etag) throw errors.changeKeyMismatch();
}
