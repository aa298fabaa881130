// Graph's mail API in memory: mailboxes with Drafts, Sent Items and Inbox, and answers that lie on demand.
import type { MailboxCopy } from '../../shared/domain/doubt/copies.ts';
import { normaliseMessageId } from '../../shared/domain/doubt/marks.ts';
import type { Clock } from '../../shared/ports/clock.ts';
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
} from '../../shared/ports/graph-mail.ts';
import { type FakeItem, type Folder, notFound, toCopy } from './fake-item.ts';
import { Uploads } from './in-memory-uploads.ts';
import { identityOf, type MailIdentity } from './mail-identity.ts';

type Operation = keyof GraphMail;
interface Lie {
  answer: GraphAnswer<never>;
  taken: boolean;
}

export class InMemoryGraphMail implements GraphMail {
  readonly items: FakeItem[] = [];
  /** Every mail that was handed to Exchange, in order: what recipients got. */
  readonly submissions: FakeItem[] = [];
  readonly calls: { operation: Operation; mailbox: string; detail: string }[] = [];
  /** While true submitted mails wait in Drafts (Exchange carries mail over 30 a minute there). */
  holding = false;
  /** What mfSubmitted of a draft that was handed over says. */
  messageFlags: 'right' | 'unreadable' | 'wrong' = 'right';
  readonly #clock: Clock;
  readonly #lies = new Map<Operation, Lie[]>();
  readonly #uploads = new Uploads();
  #version = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The next call of the operation answers this; `taken` says whether it had its effect all the same. */
  answerNext(operation: Operation, answer: GraphAnswer<never>, taken = false): void {
    this.#lies.set(operation, [...(this.#lies.get(operation) ?? []), { answer, taken }]);
  }

  /** A mail arrives in the Inbox. */
  receive(mailbox: string, mail: { itemClass?: string; mime: Uint8Array; looksLikeReport?: boolean; folder?: Folder }): FakeItem {
    return this.#add(mailbox, 'inbox', identityOf({ contentType: 'text/plain', body: Buffer.from(mail.mime).toString('base64') }), mail);
  }

  /** What waits in Drafts moves to Sent Items. */
  deliverHeld(): void {
    for (const item of this.items) if (item.submitted && item.folder === 'drafts') this.#file(item);
  }

  submit(context: CallContext, path: string, payload: Payload): Promise<GraphAnswer> {
    return this.#answer('submit', context, path, () => {
      this.#hand(this.#add(context.mailbox, 'drafts', identityOf(payload)));
      return { kind: 'answered', status: 202 };
    });
  }

  createDraft(context: CallContext, path: string, payload: Payload): Promise<GraphAnswer<DraftCreated>> {
    return this.#answer('createDraft', context, path, () => {
      const { id, internetMessageId } = this.#add(context.mailbox, 'drafts', identityOf(payload));
      return { kind: 'answered', status: 201, body: { id, internetMessageId, webLink: `https://outlook.office365.com/${id}` } };
    });
  }

  sendDraft(context: CallContext, draftId: string): Promise<GraphAnswer> {
    return this.#answer('sendDraft', context, draftId, () => {
      const draft = this.#find(context, draftId);
      if (draft?.folder !== 'drafts' || draft.submitted) return notFound;
      this.#hand(draft);
      return { kind: 'answered', status: 202 };
    });
  }

  addAttachment(context: CallContext, draftId: string, { body }: Payload): Promise<GraphAnswer> {
    return this.#answer('addAttachment', context, draftId, () =>
      this.#changed(context, draftId, (draft) => this.#attach(draft, (JSON.parse(String(body)) as { name: string }).name), 201),
    );
  }

  createUploadSession(context: CallContext, draftId: string, { body }: Payload): Promise<GraphAnswer<UploadSession>> {
    return this.#answer('createUploadSession', context, draftId, () => {
      const draft = this.#find(context, draftId);
      if (!draft) return notFound;
      const { AttachmentItem } = JSON.parse(String(body)) as { AttachmentItem: { name: string; size: number } };
      const uploadUrl = this.#uploads.open(AttachmentItem.size, () => this.#attach(draft, AttachmentItem.name));
      return { kind: 'answered', status: 201, body: { uploadUrl } };
    });
  }

  uploadRange(context: CallContext, uploadUrl: string, range: UploadRange): Promise<GraphAnswer> {
    return this.#answer('uploadRange', context, `${range.from}/${range.total}`, () => this.#uploads.put(uploadUrl, range));
  }

  uploadPosition(context: CallContext, uploadUrl: string): Promise<GraphAnswer<number>> {
    return this.#answer('uploadPosition', context, uploadUrl, () => this.#uploads.position(uploadUrl));
  }

  updateDraft(context: CallContext, draftId: string, { body }: Payload): Promise<GraphAnswer> {
    return this.#answer('updateDraft', context, draftId, () =>
      this.#changed(context, draftId, (draft) => {
        draft.body = (JSON.parse(String(body)) as { body: unknown }).body;
      }),
    );
  }

  getMessage(context: CallContext, id: string): Promise<GraphAnswer<Record<string, unknown>>> {
    return this.#answer('getMessage', context, id, () => {
      const item = this.#find(context, id);
      return item ? { kind: 'answered', status: 200, body: { ...toCopy(item), subject: item.subject } } : notFound;
    });
  }

  getCopy(context: CallContext, id: string): Promise<GraphAnswer<MailboxCopy>> {
    return this.#answer('getCopy', context, id, () => {
      const item = this.#find(context, id);
      if (!item) return notFound;
      const copy = toCopy(item);
      return { kind: 'answered', status: 200, body: copy.isDraft ? { ...copy, ...this.#flagsOf(item) } : copy };
    });
  }

  findByMark(context: CallContext, sendRequestId: string): Promise<GraphAnswer<MailboxCopy[]>> {
    return this.#answer('findByMark', context, sendRequestId, () => this.#matching(context, ({ mark }) => mark === sendRequestId));
  }

  findByMessageId(context: CallContext, internetMessageId: string): Promise<GraphAnswer<MailboxCopy[]>> {
    const wanted = normaliseMessageId(internetMessageId);
    return this.#answer('findByMessageId', context, internetMessageId, () =>
      this.#matching(context, (item) => normaliseMessageId(item.internetMessageId) === wanted),
    );
  }

  sentItemsDelta(context: CallContext, from: { link: string } | { since: string }): Promise<GraphAnswer<DeltaPage>> {
    return this.#answer('sentItemsDelta', context, JSON.stringify(from), () => {
      const seen = 'link' in from ? Number(from.link.slice('delta:'.length)) : 0;
      const news = this.items.filter(
        ({ mailbox, folder, version }) => mailbox === context.mailbox && folder === 'sentItems' && version > seen,
      );
      const copies = news
        .filter((item) => ('link' in from ? true : !item.removed && item.createdDateTime >= from.since))
        .map((item) => ({ ...toCopy(item), ...(item.removed && { removed: true }) }));
      return { kind: 'answered', status: 200, body: { copies, deltaLink: `delta:${this.#version}` } };
    });
  }

  listReports(context: CallContext, from: { link: string } | { since: string }): Promise<GraphAnswer<ReportPage>> {
    return this.#answer('listReports', context, JSON.stringify(from), () => {
      const since = 'since' in from ? from.since : '';
      const received = this.items.filter(
        (item) => item.mailbox === context.mailbox && item.folder !== 'sentItems' && item.folder !== 'drafts' && !item.removed,
      );
      const recent = received.filter(({ createdDateTime }) => createdDateTime >= since);
      const candidates = recent.filter(({ itemClass, looksLikeReport }) => looksLikeReport || itemClass?.startsWith('REPORT.'));
      const items = candidates.map(({ id, itemClass, createdDateTime, internetMessageId }) => ({
        id,
        receivedDateTime: createdDateTime,
        internetMessageId,
        ...(itemClass !== undefined && { itemClass }),
      }));
      const readUntil = recent.at(-1)?.createdDateTime;
      return { kind: 'answered', status: 200, body: { items, ...(readUntil !== undefined && { readUntil }) } };
    });
  }

  getMime(context: CallContext, id: string): Promise<GraphAnswer<Uint8Array>> {
    return this.#answer('getMime', context, id, () => {
      const item = this.#find(context, id);
      return item?.mime ? { kind: 'answered', status: 200, body: item.mime } : notFound;
    });
  }

  getWholeMime(context: CallContext, id: string, maximumBytes: number): Promise<GraphAnswer<Uint8Array>> {
    return this.#answer('getWholeMime', context, id, () => {
      const { mime } = this.#find(context, id) ?? {};
      if (!mime) return notFound;
      return mime.length > maximumBytes ? { kind: 'noAnswer', reason: 'larger' } : { kind: 'answered', status: 200, body: mime };
    });
  }

  remove(context: CallContext, id: string): Promise<GraphAnswer> {
    return this.#answer('remove', context, id, () => {
      const item = this.#find(context, id);
      if (!item) return notFound;
      item.removed = true;
      item.version = ++this.#version;
      return { kind: 'answered', status: 204 };
    });
  }

  async #answer<T>(operation: Operation, { mailbox }: CallContext, detail: string, act: () => GraphAnswer<T>): Promise<GraphAnswer<T>> {
    this.calls.push({ operation, mailbox, detail });
    const lie = this.#lies.get(operation)?.shift();
    if (!lie || lie.taken) {
      const answer = act();
      if (!lie) return answer;
    }
    return lie.answer;
  }

  #add(mailbox: string, folder: Folder, identity: MailIdentity, more: Partial<FakeItem> = {}): FakeItem {
    const version = ++this.#version;
    const createdDateTime = new Date(this.#clock.now()).toISOString();
    const item: FakeItem = { ...identity, id: `item-${version}=`, mailbox, folder, submitted: false, createdDateTime, version, ...more };
    this.items.push(item);
    return item;
  }

  #flagsOf({ submitted }: FakeItem): Pick<MailboxCopy, 'isSubmitted'> {
    return this.messageFlags === 'unreadable' ? {} : { isSubmitted: submitted !== (this.messageFlags === 'wrong') };
  }

  #attach(draft: FakeItem, name: string): void {
    draft.attached = [...(draft.attached ?? []), name];
  }

  #changed(context: CallContext, draftId: string, change: (draft: FakeItem) => void, status = 200): GraphAnswer {
    const draft = this.#find(context, draftId);
    if (draft?.folder !== 'drafts' || draft.submitted) return notFound;
    change(draft);
    return { kind: 'answered', status };
  }

  #hand(item: FakeItem): void {
    item.submitted = true;
    this.submissions.push(item);
    if (!this.holding) this.#file(item);
  }

  #file(item: FakeItem): void {
    item.folder = 'sentItems';
    item.version = ++this.#version;
  }

  #find({ mailbox }: CallContext, id: string): FakeItem | undefined {
    return this.items.find((item) => item.mailbox === mailbox && item.id === id && !item.removed);
  }

  #matching({ mailbox }: CallContext, test: (item: FakeItem) => boolean): GraphAnswer<MailboxCopy[]> {
    const found = this.items.filter((item) => item.mailbox === mailbox && !item.removed && test(item));
    return { kind: 'answered', status: 200, body: found.map(toCopy) };
  }
}
