// Exchange as the world of the model has it: items that move late, marks that survive or not, and the truth of what was transported.
import type { MailboxCopy } from '../../../shared/domain/doubt/copies.ts';
import { normaliseMessageId } from '../../../shared/domain/doubt/marks.ts';
import type { Payload } from '../../../shared/ports/graph-mail.ts';
import { identityOf } from '../../fakes/mail-identity.ts';
import type { Simulation } from './simulation.ts';

/** What this tenant does to mails. */
export interface Tenant {
  marksSurvive: boolean;
  messageIdKept: boolean;
  /** Ids stay when an item moves from Drafts to Sent Items. */
  idsStable: boolean;
  /** Whether a draft that was handed over can be told from one that was not. */
  submittedReadable: boolean;
  /** The flag says "not submitted" of what was handed over, as long as it is in Drafts. */
  submittedDenied?: boolean;
}

export interface Item {
  id: string;
  mailbox: string;
  /** What the mail is, whatever became of its marks: its subject, and the send request that submitted it. */
  label: string;
  requestId: string;
  internetMessageId: string;
  mark?: string;
  folder: 'drafts' | 'sentItems' | 'inbox';
  createdDateTime: string;
  submitted: boolean;
  /** Searches and delta queries don't see it before. */
  visibleAt: number;
  version: number;
  removed: boolean;
  itemClass?: string;
  mime?: Uint8Array;
}

export interface Lags {
  /** Until a search sees it. */
  visible: number;
  /** From submission until it is in Sent Items. */
  moved: number;
}

export class Exchange {
  readonly items: Item[] = [];
  /** Every mail that was handed to transport: what recipients get. */
  readonly transported: Item[] = [];
  onTransport: (item: Item) => void = () => undefined;
  readonly tenant: Tenant;
  readonly #simulation: Simulation;
  #count = 0;

  constructor(simulation: Simulation, tenant: Tenant) {
    this.#simulation = simulation;
    this.tenant = tenant;
  }

  create(mailbox: string, payload: Payload, lags: Lags): Item {
    const { internetMessageId, mark, subject } = identityOf(payload);
    const { messageIdKept, marksSurvive } = this.tenant;
    const number = ++this.#count;
    return this.#add({
      id: `draft-${number}=`,
      mailbox,
      label: subject ?? '',
      requestId: mark ?? '',
      internetMessageId: messageIdKept ? internetMessageId : `<assigned-${number}@prod.outlook.com>`,
      ...(marksSurvive && mark !== undefined && { mark }),
      folder: 'drafts',
      createdDateTime: this.#simulation.iso(),
      submitted: false,
      visibleAt: this.#simulation.now() + lags.visible,
      version: number,
      removed: false,
    });
  }

  /** Hands an item to transport; its copy comes to Sent Items later. */
  submit(item: Item, lags: Lags): void {
    item.submitted = true;
    this.transported.push(item);
    this.onTransport(item);
    this.#simulation.after(lags.moved, () => {
      item.folder = 'sentItems';
      item.version = ++this.#count;
      if (!this.tenant.idsStable) item.id = `sent-${item.version}=`;
    });
  }

  receive(mailbox: string, label: string, mime: Uint8Array, itemClass?: string): Item {
    const number = ++this.#count;
    return this.#add({
      id: `inbox-${number}=`,
      mailbox,
      label,
      requestId: '',
      internetMessageId: `<report-${number}@contoso.com>`,
      folder: 'inbox',
      createdDateTime: this.#simulation.iso(),
      submitted: false,
      visibleAt: this.#simulation.now(),
      version: number,
      removed: false,
      mime,
      ...(itemClass !== undefined && { itemClass }),
    });
  }

  byId(mailbox: string, id: string): Item | undefined {
    return this.items.find((item) => item.mailbox === mailbox && item.id === id && !item.removed);
  }

  /** What a search sees now. */
  search(mailbox: string, test: (item: Item) => boolean): Item[] {
    const now = this.#simulation.now();
    return this.items.filter((item) => item.mailbox === mailbox && !item.removed && item.visibleAt <= now && test(item));
  }

  withMessageId(mailbox: string, internetMessageId: string): Item[] {
    const wanted = normaliseMessageId(internetMessageId);
    return this.search(mailbox, (item) => item.folder !== 'inbox' && normaliseMessageId(item.internetMessageId) === wanted);
  }

  sentSince(mailbox: string, version: number): Item[] {
    const now = this.#simulation.now();
    const found = this.items.filter((item) => item.mailbox === mailbox && item.folder === 'sentItems' && item.version > version);
    const hidden = found.filter((item) => item.visibleAt > now).map((item) => item.version);
    const horizon = Math.min(Number.POSITIVE_INFINITY, ...hidden);
    return found.filter((item) => item.version < horizon).sort((a, b) => a.version - b.version);
  }

  copyOf(item: Item): MailboxCopy {
    return {
      id: item.id,
      internetMessageId: item.internetMessageId,
      isDraft: item.folder === 'drafts',
      createdDateTime: item.createdDateTime,
      parentFolderId: item.folder,
      ...(item.mark !== undefined && { mark: item.mark }),
      ...(item.folder === 'drafts' && this.tenant.submittedReadable && { isSubmitted: item.submitted && !this.tenant.submittedDenied }),
    };
  }

  #add(item: Item): Item {
    this.items.push(item);
    return item;
  }
}
