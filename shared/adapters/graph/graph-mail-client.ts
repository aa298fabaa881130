// Microsoft Graph's mail API.
import type { MailboxCopy } from '../../domain/doubt/copies.ts';
import { MARK_HEADER_PROPERTY, MARK_PROPERTY } from '../../domain/doubt/marks.ts';
import { MAXIMUM_BYTES } from '../../domain/reports/limits.ts';
import type {
  CallContext,
  DeltaPage,
  DraftCreated,
  GraphAnswer,
  GraphMail,
  Payload,
  ReportPage,
  UploadRange,
  UploadSession,
} from '../../ports/graph-mail.ts';
import {
  readDeltaPage,
  readDraft,
  readFolderId,
  readList,
  readMessage,
  readObject,
  readPosition,
  readReportPage,
  readUploadSession,
} from './bodies.ts';
import { type GraphClientOptions, GraphHttp } from './graph-http.ts';
import { ITEM_PROPERTIES, MESSAGE_FLAGS } from './mailbox-copy.ts';
import { expandProperty, GraphUrls } from './urls.ts';

const MAXIMUM_PAGES = 10;

export class GraphMailClient implements GraphMail {
  readonly #urls: GraphUrls;
  readonly #http: GraphHttp;
  readonly #sentItemsIds = new Map<string, string>();

  constructor(options: GraphClientOptions) {
    this.#urls = new GraphUrls(options.baseUrl);
    this.#http = new GraphHttp(this.#urls.scope, options);
  }

  submit(context: CallContext, path: string, payload: Payload): Promise<GraphAnswer> {
    return this.#http.send(context, { method: 'POST', url: this.#urls.of(context.mailbox, path), ...payload });
  }

  createDraft(context: CallContext, path: string, payload: Payload): Promise<GraphAnswer<DraftCreated>> {
    return this.#http.read(context, { method: 'POST', url: this.#urls.of(context.mailbox, path), ...payload }, readDraft);
  }

  sendDraft(context: CallContext, draftId: string): Promise<GraphAnswer> {
    return this.#http.send(context, { method: 'POST', url: this.#urls.message(context.mailbox, draftId, '/send') });
  }

  addAttachment(context: CallContext, draftId: string, payload: Payload): Promise<GraphAnswer> {
    return this.#http.send(context, { method: 'POST', url: this.#urls.message(context.mailbox, draftId, '/attachments'), ...payload });
  }

  createUploadSession(context: CallContext, draftId: string, payload: Payload): Promise<GraphAnswer<UploadSession>> {
    const url = this.#urls.message(context.mailbox, draftId, '/attachments/createUploadSession');
    return this.#http.read(context, { method: 'POST', url, ...payload }, readUploadSession);
  }

  async uploadRange(context: CallContext, uploadUrl: string, { from, total, bytes }: UploadRange): Promise<GraphAnswer> {
    if (!this.#urls.mayUploadTo(uploadUrl)) return elsewhere;
    const contentRange = `bytes ${from}-${from + bytes.length - 1}/${total}`;
    const put = {
      method: 'PUT',
      url: uploadUrl,
      withoutToken: true,
      contentType: 'application/octet-stream',
      contentRange,
      body: bytes,
    } as const;
    return this.#http.send(context, put);
  }

  async uploadPosition(context: CallContext, uploadUrl: string): Promise<GraphAnswer<number>> {
    if (!this.#urls.mayUploadTo(uploadUrl)) return elsewhere;
    return this.#http.read(context, { method: 'GET', url: uploadUrl, withoutToken: true }, readPosition);
  }

  /** Only an answer with the draft is a success: a 200 with a gateway's page has changed nothing. */
  async updateDraft(context: CallContext, draftId: string, payload: Payload): Promise<GraphAnswer> {
    const patch = { method: 'PATCH', url: this.#urls.message(context.mailbox, draftId), ...payload } as const;
    return bodiless(await this.#http.read(context, patch, readDraft));
  }

  getMessage(context: CallContext, id: string): Promise<GraphAnswer<Record<string, unknown>>> {
    return this.#http.read(context, { method: 'GET', url: this.#urls.message(context.mailbox, id) }, readObject);
  }

  /** The mark, and for what is still a draft whether it was submitted: one property per query. */
  async getCopy(context: CallContext, id: string): Promise<GraphAnswer<MailboxCopy>> {
    const get = (property: string) => {
      const url = this.#urls.message(context.mailbox, id, '', { $select: ITEM_PROPERTIES, $expand: expandProperty(property) });
      return this.#http.read(context, { method: 'GET', url }, readMessage);
    };
    const first = await get(MARK_PROPERTY);
    if (first.kind !== 'answered' || !first.body?.isDraft) return first;
    const second = await get(MESSAGE_FLAGS);
    if (second.kind !== 'answered' || (second.status !== 404 && !second.body)) return first;
    return second.body ? { ...first, body: { ...second.body, ...(first.body.mark !== undefined && { mark: first.body.mark }) } } : second;
  }

  /** Searches by the property first. If that finds nothing, by the header, which is the only mark of a mail submitted as MIME. */
  async findByMark(context: CallContext, sendRequestId: string): Promise<GraphAnswer<MailboxCopy[]>> {
    const byProperty = await this.#list(context, this.#urls.withProperty(context.mailbox, MARK_PROPERTY, sendRequestId));
    if (byProperty.kind !== 'answered' || byProperty.body?.length !== 0) return byProperty;
    return this.#list(context, this.#urls.withProperty(context.mailbox, MARK_HEADER_PROPERTY, sendRequestId));
  }

  /** Copies without our property may still carry our header: another request's mark must be seen. */
  async findByMessageId(context: CallContext, internetMessageId: string): Promise<GraphAnswer<MailboxCopy[]>> {
    const found = await this.#list(context, this.#urls.withMessageId(context.mailbox, internetMessageId, MARK_PROPERTY));
    if (found.kind !== 'answered' || !found.body?.some(({ mark }) => mark === undefined)) return found;
    const again = await this.#list(context, this.#urls.withMessageId(context.mailbox, internetMessageId, MARK_HEADER_PROPERTY));
    if (again.kind !== 'answered' || !again.body) return again;
    const headers = new Map(again.body.map(({ id, mark }) => [id, mark]));
    const marked = found.body.map((copy) => ({ ...copy, ...withMark(copy.mark ?? headers.get(copy.id)) }));
    return { ...found, body: marked };
  }

  async sentItemsDelta(context: CallContext, from: { link: string } | { since: string }): Promise<GraphAnswer<DeltaPage>> {
    const url = 'link' in from ? from.link : this.#urls.sentItemsDelta(context.mailbox, from.since);
    // A link of another Graph (the base URL was changed) is treated like an expired one.
    if (!this.#urls.isOurs(url))
      return { kind: 'answered', status: 410, code: 'SyncStateNotFound', message: 'The link leads to another origin.' };
    return this.#http.read(context, { method: 'GET', url, prefer: 'odata.maxpagesize=200' }, readDeltaPage);
  }

  async listReports(context: CallContext, from: { link: string } | { since: string }): Promise<GraphAnswer<ReportPage>> {
    const url = 'link' in from ? from.link : this.#urls.received(context.mailbox, from.since);
    if (!this.#urls.isOurs(url)) return elsewhere;
    const sentItemsId = await this.#sentItemsId(context);
    return this.#http.read(context, { method: 'GET', url }, (bytes) => readReportPage(bytes, sentItemsId));
  }

  /** Read once per mailbox. If it cannot be read, copies of sent mail are read as possible reports. */
  async #sentItemsId(context: CallContext): Promise<string | undefined> {
    const known = this.#sentItemsIds.get(context.mailbox);
    if (known !== undefined) return known;
    const answer = await this.#http.read(context, { method: 'GET', url: this.#urls.folder(context.mailbox, 'sentitems') }, readFolderId);
    if (answer.kind !== 'answered' || answer.body === undefined) return undefined;
    this.#sentItemsIds.set(context.mailbox, answer.body);
    return answer.body;
  }

  getMime(context: CallContext, id: string): Promise<GraphAnswer<Uint8Array>> {
    const url = this.#urls.message(context.mailbox, id, '/$value');
    return this.#http.read(context, { method: 'GET', url, prefixBytes: MAXIMUM_BYTES }, (bytes) => bytes);
  }

  getWholeMime(context: CallContext, id: string, maximumBytes: number): Promise<GraphAnswer<Uint8Array>> {
    const url = this.#urls.message(context.mailbox, id, '/$value');
    return this.#http.read(context, { method: 'GET', url, maximumBytes }, (bytes) => bytes);
  }

  remove(context: CallContext, id: string): Promise<GraphAnswer> {
    return this.#http.send(context, { method: 'DELETE', url: this.#urls.message(context.mailbox, id) });
  }

  /** All pages. A mail has few copies, so an answer with many pages must be wrong. */
  async #list(context: CallContext, url: string): Promise<GraphAnswer<MailboxCopy[]>> {
    const copies: MailboxCopy[] = [];
    let next: string | undefined = url;
    for (let pages = 0; pages < MAXIMUM_PAGES; pages++) {
      const answer: GraphAnswer<{ copies: MailboxCopy[]; nextLink?: string }> = await this.#http.read(
        context,
        { method: 'GET', url: next },
        readList,
      );
      if (answer.kind !== 'answered' || !answer.body) return bodiless(answer);
      copies.push(...answer.body.copies);
      next = answer.body.nextLink;
      if (next === undefined) return { ...answer, body: copies };
      if (!this.#urls.isOurs(next)) return elsewhere;
    }
    return { kind: 'noAnswer', reason: `more than ${MAXIMUM_PAGES} pages` };
  }
}

const elsewhere = { kind: 'notSent', reason: 'The link leads to another origin.' } as const;

const bodiless = ({ body: _, ...answer }: GraphAnswer<unknown>): GraphAnswer<never> => answer;

const withMark = (mark: string | undefined) => (mark === undefined ? {} : { mark });
