// What a mailbox holds: one message with everything that Graph, MAPI and MIME can say about it.

export interface EmailAddress {
  readonly name: string;
  readonly address: string;
}

export interface Attachment {
  readonly id: string;
  readonly kind: 'file' | 'item' | 'reference';
  readonly name: string;
  readonly contentType: string | null;
  readonly isInline: boolean;
  readonly contentId: string | null;
  readonly lastModified: number;
  readonly content: Buffer;
  /** The JSON of an attached message, event or contact. */
  readonly item?: Record<string, unknown>;
}

export interface InternetHeader {
  readonly name: string;
  readonly value: string;
}

/** A named or tagged MAPI property; the key of the map is its normalised id. */
export interface ExtendedProperty {
  readonly id: string;
  readonly value: string | readonly string[];
}

/** What a caller can set, or what is read from MIME. */
export interface MessageContent {
  subject: string;
  body: { contentType: 'text' | 'html'; content: string };
  from: EmailAddress | null;
  sender: EmailAddress | null;
  toRecipients: EmailAddress[];
  ccRecipients: EmailAddress[];
  bccRecipients: EmailAddress[];
  replyTo: EmailAddress[];
  importance: 'low' | 'normal' | 'high';
  categories: string[];
  flag: Record<string, unknown>;
  inferenceClassification: 'focused' | 'other';
  internetMessageId: string;
  /** In-Reply-To and References, if it is an answer. */
  inReplyTo: string;
  references: string;
  conversationId: string;
  conversationIndex: string;
  headers: InternetHeader[];
  isRead: boolean;
  isReadReceiptRequested: boolean;
  /** MIME drafts have null here (documented examples of createReply with MIME). */
  isDeliveryReceiptRequested: boolean | null;
  sentDateTime: number;
  attachments: Attachment[];
  extendedProperties: Map<string, ExtendedProperty>;
  itemClass: string;
  /** The bytes it was made of, when it came as MIME. */
  mime: Buffer | null;
}

export interface Item extends MessageContent {
  /** Our own, never seen outside. */
  readonly key: number;
  /** Regular id: another one after each move. */
  id: string;
  immutableId: string;
  folderId: string;
  isDraft: boolean;
  /** Handed to transport (mfSubmitted), still waiting in Drafts or Outbox. */
  submitted: boolean;
  /** No list, delta query or id shows it for now. */
  hidden?: boolean;
  /** Came by transport, in contrast to what the owner wrote. */
  received: boolean;
  createdDateTime: number;
  lastModifiedDateTime: number;
  receivedDateTime: number;
  /** Position in the mailbox's order of changes; the change key is made of it. */
  version: number;
}

export function emptyContent(now: number): MessageContent {
  return {
    subject: '',
    body: { contentType: 'text', content: '' },
    from: null,
    sender: null,
    toRecipients: [],
    ccRecipients: [],
    bccRecipients: [],
    replyTo: [],
    importance: 'normal',
    categories: [],
    flag: { flagStatus: 'notFlagged' },
    inferenceClassification: 'focused',
    internetMessageId: '',
    inReplyTo: '',
    references: '',
    conversationId: '',
    conversationIndex: '',
    headers: [],
    isRead: true,
    isReadReceiptRequested: false,
    isDeliveryReceiptRequested: false,
    sentDateTime: now,
    attachments: [],
    extendedProperties: new Map(),
    itemClass: 'IPM.Note',
    mime: null,
  };
}

export function allRecipients(content: MessageContent): EmailAddress[] {
  return [...content.toRecipients, ...content.ccRecipients, ...content.bccRecipients];
}
