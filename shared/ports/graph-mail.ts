// Microsoft Graph's mail API as the use cases need it. No call is ever repeated by the adapter; what an answer means is in the outcome rules.
import type { MailboxCopy } from '../domain/doubt/copies.ts';
import type { Recipient } from '../domain/log/send-request.ts';
import type { Answer } from '../domain/submit/outcome-rule.ts';

/** Graph's answer with what it carried. `body` is there on success only. */
export type GraphAnswer<T = undefined> = Answer & { body?: T };

/** One call: who, until when, and the id under which Graph logs it (`client-request-id`). */
export interface CallContext {
  mailbox: string;
  clientRequestId: string;
  /** Time-out of this call in milliseconds, never longer than GRAPH_TIMEOUT. */
  timeoutMs: number;
}

export interface DraftCreated {
  id: string;
  internetMessageId?: string;
  webLink?: string;
  subject?: string;
  from?: string;
  sender?: string;
  recipients?: Recipient[];
  body?: DraftBody;
}

export interface DraftBody {
  contentType: string;
  content: string;
}

/** What goes to Graph: the JSON text, or the base64 of MIME. */
export interface Payload {
  contentType: 'application/json' | 'text/plain';
  body: string | Uint8Array;
}

/** A place where ranges of a large attachment are put; it is used without our token. */
export interface UploadSession {
  uploadUrl: string;
}

export interface UploadRange {
  /** Of the first byte. */
  from: number;
  /** Of the whole attachment. */
  total: number;
  bytes: Uint8Array;
}

export interface DeltaPage {
  copies: (MailboxCopy & { removed?: boolean; internetMessageId?: string })[];
  nextLink?: string;
  deltaLink?: string;
}

/** A mail that may be a report: its item class decides how far it is trusted. */
export interface ReportItem {
  id: string;
  itemClass?: string;
  receivedDateTime: string;
  internetMessageId?: string;
}

export interface ReportPage {
  /** Oldest first; only those that may be reports. */
  items: ReportItem[];
  nextLink?: string;
  /** When the last mail of the page was received, whether or not it may be a report: reading can go on from there. */
  readUntil?: string;
}

export interface GraphMail {
  /** POST of an operation that submits: `path` is relative to the mailbox, such as `sendMail` or `messages/{id}/reply`. */
  submit(context: CallContext, path: string, payload: Payload): Promise<GraphAnswer>;
  /** POST that makes a draft: `messages`, or `messages/{id}/createReply` ... */
  createDraft(context: CallContext, path: string, payload: Payload): Promise<GraphAnswer<DraftCreated>>;
  sendDraft(context: CallContext, draftId: string): Promise<GraphAnswer>;
  /** POST of a small attachment to a draft. */
  addAttachment(context: CallContext, draftId: string, payload: Payload): Promise<GraphAnswer>;
  /** Opens an upload session for a large attachment of a draft. */
  createUploadSession(context: CallContext, draftId: string, payload: Payload): Promise<GraphAnswer<UploadSession>>;
  /** PUT of one range. */
  uploadRange(context: CallContext, uploadUrl: string, range: UploadRange): Promise<GraphAnswer>;
  /** Which byte an upload session expects next. */
  uploadPosition(context: CallContext, uploadUrl: string): Promise<GraphAnswer<number>>;
  /** Replaces properties of a draft. */
  updateDraft(context: CallContext, draftId: string, payload: Payload): Promise<GraphAnswer>;
  /** One message as Graph's own resource, whole. */
  getMessage(context: CallContext, id: string): Promise<GraphAnswer<Record<string, unknown>>>;
  /** One item by id; 404 is an answer. */
  getCopy(context: CallContext, id: string): Promise<GraphAnswer<MailboxCopy>>;
  /** All mails of the whole mailbox that carry the mark. */
  findByMark(context: CallContext, sendRequestId: string): Promise<GraphAnswer<MailboxCopy[]>>;
  findByMessageId(context: CallContext, internetMessageId: string): Promise<GraphAnswer<MailboxCopy[]>>;
  /** A page of Sent Items by delta query: from `link`, or from the beginning with items received since `since`. */
  sentItemsDelta(context: CallContext, from: { link: string } | { since: string }): Promise<GraphAnswer<DeltaPage>>;
  /** Mails received since a time that may be reports: by item class, or multipart/report. */
  listReports(context: CallContext, from: { link: string } | { since: string }): Promise<GraphAnswer<ReportPage>>;
  /** The MIME of an item: its first bytes, as many as are read of a report. */
  getMime(context: CallContext, id: string): Promise<GraphAnswer<Uint8Array>>;
  /** The MIME of an item, whole. If it has more bytes than `maximumBytes`, the call counts as not answered. */
  getWholeMime(context: CallContext, id: string, maximumBytes: number): Promise<GraphAnswer<Uint8Array>>;
  remove(context: CallContext, id: string): Promise<GraphAnswer>;
}
