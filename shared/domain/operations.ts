// The nine operations that take mail, one row each. Every other list of operations is derived from these rows.

/** `json` is Graph's own message resource; `mime` is a whole RFC 5322 message. `none` is the empty body of `send`. */
export type ContentFormat = 'json' | 'mime' | 'none';

/** `send`: Mail.Send. `read`: and Mail.Read. `readWrite`: and Mail.ReadWrite. */
export type GraphRights = 'send' | 'read' | 'readWrite';

/** The JSON body, by the name of its schema. `none`: the operation takes no body. */
export type OperationBody = 'sendMail' | 'message' | 'reply' | 'forward' | 'none';

/**
 * Who gets the mail. `own`: the recipients that the request names. `original`: Exchange adds those of the message that is answered, and we
 * never see them. `draft`: those of a draft that is in the mailbox already.
 */
export type OperationRecipients = 'own' | 'original' | 'draft';

interface OperationRow {
  /** The function in Azure. Infrastructure, alerts and queries name it. */
  functionName: string;
  /** Below `/v1.0/users/{mailbox}/`. Graph's own path. `{message}`: the id of a message or draft. */
  path: string;
  body: OperationBody;
  /** All parameters are optional, so the body may be empty. */
  bodyMayBeEmpty: boolean;
  recipients: OperationRecipients;
  /** The operation has done its work when the draft exists (state `created`). */
  endsWithDraft: boolean;
  /**
   * The formats that the operation takes, and the rights tier of our identity that each needs. `send` is enough only if one POST submits
   * the mail: a draft needs Mail.ReadWrite.
   */
  rights: Readonly<Partial<Record<ContentFormat, GraphRights>>>;
  /** The operation that makes the draft of this one. `send` makes none. */
  draftedBy?: string;
  /** One line for people. */
  summary: string;
  /** Why this row is as it is, if Graph's documentation alone does not say it. */
  reason?: string;
  source: string;
}

const READ_WRITE = { json: 'readWrite', mime: 'readWrite' } as const;
/** Graph's answer to a JSON reply names neither its recipients nor its Message-ID, and no document says that Graph keeps our marks in it. */
const ANSWER_RIGHTS = { json: 'readWrite', mime: 'send' } as const;
const ANSWER_REASON = 'In JSON it takes the draft route, because no document says that Graph keeps our marks in a reply or forward.';

const TABLE = {
  sendMail: {
    functionName: 'send-mail',
    path: 'sendMail',
    body: 'sendMail',
    bodyMayBeEmpty: false,
    recipients: 'own',
    endsWithDraft: false,
    rights: { json: 'send', mime: 'send' },
    draftedBy: 'createDraft',
    summary: 'Queue a mail',
    source: 'https://learn.microsoft.com/graph/api/user-sendmail',
  },
  createDraft: {
    functionName: 'create-draft',
    path: 'messages',
    body: 'message',
    bodyMayBeEmpty: false,
    recipients: 'own',
    endsWithDraft: true,
    rights: READ_WRITE,
    draftedBy: 'createDraft',
    summary: 'Create a draft',
    source: 'https://learn.microsoft.com/graph/api/user-post-messages',
  },
  reply: {
    functionName: 'reply',
    path: 'messages/{message}/reply',
    body: 'reply',
    bodyMayBeEmpty: true,
    recipients: 'original',
    endsWithDraft: false,
    rights: ANSWER_RIGHTS,
    draftedBy: 'createReply',
    summary: 'Reply to the sender',
    reason: ANSWER_REASON,
    source: 'https://learn.microsoft.com/graph/api/message-reply',
  },
  replyAll: {
    functionName: 'reply-all',
    path: 'messages/{message}/replyAll',
    body: 'reply',
    bodyMayBeEmpty: true,
    recipients: 'original',
    endsWithDraft: false,
    rights: ANSWER_RIGHTS,
    draftedBy: 'createReplyAll',
    summary: 'Reply to everybody',
    reason: ANSWER_REASON,
    source: 'https://learn.microsoft.com/graph/api/message-replyall',
  },
  forward: {
    functionName: 'forward',
    path: 'messages/{message}/forward',
    body: 'forward',
    bodyMayBeEmpty: true,
    recipients: 'own',
    endsWithDraft: false,
    rights: ANSWER_RIGHTS,
    draftedBy: 'createForward',
    summary: 'Forward',
    reason: ANSWER_REASON,
    source: 'https://learn.microsoft.com/graph/api/message-forward',
  },
  createReply: {
    functionName: 'create-reply',
    path: 'messages/{message}/createReply',
    body: 'reply',
    bodyMayBeEmpty: true,
    recipients: 'original',
    endsWithDraft: true,
    rights: READ_WRITE,
    draftedBy: 'createReply',
    summary: 'Create the draft of a reply',
    source: 'https://learn.microsoft.com/graph/api/message-createreply',
  },
  createReplyAll: {
    functionName: 'create-reply-all',
    path: 'messages/{message}/createReplyAll',
    body: 'reply',
    bodyMayBeEmpty: true,
    recipients: 'original',
    endsWithDraft: true,
    rights: READ_WRITE,
    draftedBy: 'createReplyAll',
    summary: 'Create the draft of a reply to everybody',
    source: 'https://learn.microsoft.com/graph/api/message-createreplyall',
  },
  createForward: {
    functionName: 'create-forward',
    path: 'messages/{message}/createForward',
    body: 'forward',
    bodyMayBeEmpty: true,
    recipients: 'own',
    endsWithDraft: true,
    rights: READ_WRITE,
    draftedBy: 'createForward',
    summary: 'Create the draft of a forward',
    source: 'https://learn.microsoft.com/graph/api/message-createforward',
  },
  send: {
    functionName: 'send-draft',
    path: 'messages/{message}/send',
    body: 'none',
    bodyMayBeEmpty: true,
    recipients: 'draft',
    endsWithDraft: false,
    rights: { none: 'read' },
    summary: 'Send a draft',
    reason: 'The draft is read before it is sent, because nothing else can find its mail afterwards.',
    source: 'https://learn.microsoft.com/graph/api/message-send',
  },
} as const satisfies Record<string, OperationRow>;

export type Operation = keyof typeof TABLE;

/** By operation. */
export const OPERATION_TABLE: Readonly<Record<Operation, OperationRow>> = TABLE;

export const OPERATIONS = Object.keys(TABLE) as [Operation, ...Operation[]];

/** Operations whose job ends when the draft exists (state `created`). */
export const isDraftOnly = (operation: Operation): boolean => OPERATION_TABLE[operation].endsWithDraft;

/** reply, forward and the operations that create their drafts: their parameters stand beside the message. */
export const isReplyOrForward = (operation: Operation): boolean => ['reply', 'forward'].includes(OPERATION_TABLE[operation].body);

/** The path names a message or a draft. */
export const namesMessage = (operation: Operation): boolean => OPERATION_TABLE[operation].path.includes('{message}');

/** An OData action, which may also be called by its qualified name `microsoft.graph.{operation}`. Only createDraft is none: it posts to a collection. */
export const isAction = (operation: Operation): boolean => OPERATION_TABLE[operation].path.split('/').at(-1) === operation;

/** Graph's paths for an operation, relative to the mailbox. `submit` is absent unless Graph submits the mail in one POST. */
export interface GraphPaths {
  submit?: string;
  draft: string;
}

/** `target`: the id of the message that the operation is about, percent-encoded. */
export function graphPaths(operation: Exclude<Operation, 'send'>, format: ContentFormat, target: string): GraphPaths {
  const pathOf = (name: Operation): string => OPERATION_TABLE[name].path.replace('{message}', target);
  const draft = pathOf(TABLE[operation].draftedBy);
  return OPERATION_TABLE[operation].rights[format] === 'send' ? { submit: pathOf(operation), draft } : { draft };
}
