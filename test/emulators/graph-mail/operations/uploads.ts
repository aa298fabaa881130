// Upload sessions for attachments from 3 to 150 MB: byte ranges in order, at a URL of their own that wants no token.
// https://learn.microsoft.com/graph/outlook-large-attachments

import type { Answer } from '../http/answer.ts';
import { errors } from '../http/errors.ts';
import type { GraphRequest } from '../http/request.ts';
import type { EmulatorState } from '../state.ts';
import { newAttachmentId, newGuid } from '../store/ids.ts';
import type { Item } from '../store/item.ts';
import type { Mailbox } from '../store/mailbox.ts';
import { contentTypeFor } from '../validation/attachment.ts';
import { checkObject, readEnum } from '../validation/check.ts';
import { readParameters } from '../validation/parameters.ts';
import { type Call, findItem, type Operation } from './call.ts';
import { checkRoom, sizeOf } from './drafts.ts';

export interface UploadSession {
  readonly id: string;
  readonly authToken: string;
  readonly mailbox: Mailbox;
  readonly item: Item;
  readonly name: string;
  readonly contentType: string;
  readonly contentId: string | null;
  readonly isInline: boolean;
  readonly size: number;
  readonly expires: number;
  received: Buffer[];
  position: number;
}

export interface Uploads {
  add(session: UploadSession): void;
  find(id: string): UploadSession | undefined;
  remove(id: string): void;
  reset(): void;
}

export function createUploads(): Uploads {
  const sessions = new Map<string, UploadSession>();
  return {
    add: (session) => void sessions.set(session.id, session),
    find: (id) => sessions.get(id),
    remove: (id) => void sessions.delete(id),
    reset: () => sessions.clear(),
  };
}

const lifetime = 24 * 3600 * 1000;
const largest = 150 * 1024 * 1024;

const sessionPath = ({ mailbox, item, id, authToken }: UploadSession) =>
  `/api/v2.0/Users('${mailbox.objectId}')/Messages('${encodeURIComponent(item.id)}')/AttachmentSessions('${id}')?authtoken=${authToken}`;

/** The real one is at another host (outlook.office.com): clients must neither build the URL nor send their token there. */
const uploadHost = (baseUrl: string) => baseUrl.replace('//localhost:', '//127.0.0.1:');

export const createUploadSession: Operation = (call: Call) => {
  const { state, mailbox, request } = call;
  const item = findItem(call);
  const { attachmentItem } = readParameters(request, 'createUploadSession', ['attachmentItem']);
  if (attachmentItem === undefined || attachmentItem === null) throw errors.emptyParameter('AttachmentItem');
  checkObject(attachmentItem, 'attachmentItem');
  const { name, size, contentType, contentId, isInline, attachmentType } = attachmentItem;
  if (typeof name !== 'string' || name === '') throw errors.emptyParameter('Name');
  if (readEnum('attachmentType', String(attachmentType)) !== 'file') throw errors.invalidArgument('Only file attachments can be uploaded.');
  const bytes = Number(size ?? 0);
  if (!(bytes > 0) || bytes > largest) throw errors.messageTooLarge();
  checkRoom(call, sizeOf(item) + bytes);
  const session: UploadSession = {
    id: newGuid(),
    authToken: newGuid().replaceAll('-', ''),
    mailbox,
    item,
    name,
    contentType: typeof contentType === 'string' ? contentType : contentTypeFor(name),
    contentId: typeof contentId === 'string' ? contentId : null,
    isInline: isInline === true,
    size: bytes,
    expires: state.clock.now() + lifetime,
    received: [],
    position: 0,
  };
  state.uploads.add(session);
  return {
    status: 201,
    json: {
      '@odata.context': `${request.baseUrl}/v1.0/$metadata#microsoft.graph.uploadSession`,
      uploadUrl: `${uploadHost(request.baseUrl)}${sessionPath(session)}`,
      expirationDateTime: new Date(session.expires).toISOString(),
      nextExpectedRanges: ['0-'],
    },
  };
};

/** Finds the session of an upload URL; a token of Graph's audience is refused there, as the real host does. */
export function uploadSessionOf(state: EmulatorState, request: GraphRequest): UploadSession {
  if (request.headers.authorization !== undefined) throw errors.invalidToken('Access token validation failure. Invalid audience.');
  const session = state.uploads.find(request.segments.at(-1) ?? '');
  if (session === undefined || session.expires < state.clock.now()) throw errors.itemNotFound();
  if (session.authToken !== request.query.get('authtoken')) throw errors.invalidToken('The upload session token is not valid.');
  return session;
}

function statusOf(session: UploadSession, request: GraphRequest): Answer {
  return {
    status: 200,
    json: {
      '@odata.context': `${request.baseUrl}/api/v2.0/$metadata#Users('${session.mailbox.objectId}')/Messages/AttachmentSessions/$entity`,
      ExpirationDateTime: new Date(session.expires).toISOString(),
      NextExpectedRanges: [String(session.position)],
    },
  };
}

function finish(state: EmulatorState, session: UploadSession, request: GraphRequest): Answer {
  const { mailbox, item, name, contentType, contentId, isInline } = session;
  if (mailbox.items.get(item.key) !== item) throw errors.itemNotFound();
  const id = newAttachmentId();
  const lastModified = state.clock.now();
  const content = Buffer.concat(session.received);
  const attachment = { id, kind: 'file', name, contentType, contentId, isInline, lastModified, content } as const;
  mailbox.change(item, { attachments: [...item.attachments, attachment], mime: null }, lastModified);
  state.uploads.remove(session.id);
  const location = `${request.baseUrl}/api/v2.0/Users('${mailbox.objectId}')/Messages('${encodeURIComponent(item.id)}')/Attachments('${id}')`;
  return { status: 201, headers: { Location: location } };
}

function putRange(state: EmulatorState, session: UploadSession, request: GraphRequest): Answer {
  const range = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(String(request.headers['content-range'] ?? ''));
  if (range === null) throw errors.invalidArgument('The Content-Range header is missing or malformed.');
  const [from, to, total] = range.slice(1).map(Number) as [number, number, number];
  if (total !== session.size || to - from + 1 !== request.body.length || to >= total) {
    throw errors.invalidArgument('The Content-Range header does not match the content or the size of the attachment.');
  }
  if (from !== session.position) throw errors.rangeNotSatisfiable(`The range should start at ${session.position}.`);
  session.received.push(request.body);
  session.position = to + 1;
  return session.position === session.size ? finish(state, session, request) : statusOf(session, request);
}

export function uploadRequest(state: EmulatorState, session: UploadSession, request: GraphRequest): Answer {
  if (request.method === 'PUT') return putRange(state, session, request);
  if (request.method === 'GET') return statusOf(session, request);
  if (request.method !== 'DELETE') throw errors.methodNotAllowed();
  state.uploads.remove(session.id);
  return { status: 204 };
}
