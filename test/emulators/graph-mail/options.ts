// Everything that can be set: start options, and the switches that the control API may change while running.

export type StageName = 'pickUp' | 'file' | 'route' | 'deliver' | 'report';
export const stageNames: readonly StageName[] = ['pickUp', 'file', 'route', 'deliver', 'report'];

export interface Switches {
  /** Creates a mailbox of the tenant's domain when it is first named. */
  autoCreateMailboxes: boolean;
  /** Milliseconds before each stage of the transport. */
  stageDelays: Record<StageName, number>;
  /** Roles in the tokens of the managed identity (Microsoft Graph permissions). */
  graphRoles: string[];
  /** Concurrent requests per mailbox and application; Outlook's is 4. */
  concurrencyLimit: number;
  requestLimit: { count: number; perMilliseconds: number };
  uploadLimit: { bytes: number; perMilliseconds: number };
  /** Seconds in Retry-After of our own 429 answers; Graph's may have decimals. */
  retryAfter: number | null;
  /** Mails per minute before the rest waits in Drafts; null: no limit. Exchange Online's is 30. */
  messageRateLimit: number | null;
  /** Recipients in 24 hours of a mailbox before its mail comes back; null: no limit. Exchange Online's is 10,000. */
  recipientRateLimit: number | null;
  /** The report of that limit: Microsoft documents both. */
  recipientRateStatus: '5.1.90' | '5.2.2';
  /** Recipients outside of the tenant in 24 hours, over all mailboxes; null: no limit. Exchange Online's is 500 × licences^0.7 + 9,500. */
  externalRecipientRateLimit: number | null;
  /** Whether the tenant has trial licences only: a report of its own (5.7.232), and 5,000 external recipients in Exchange Online. */
  trialTenant: boolean;
  recipientLimit: number;
  requestSizeLimit: number;
  messageSizeLimit: number;
  /** Body of a 413: a JSON error, or the HTML page of the gateway. */
  tooLargeBody: 'json' | 'html';
  immutableIdSurvivesSend: boolean;
  rewriteMessageIds: boolean;
  dropHeaders: boolean;
  dropExtendedProperties: boolean;
  /** Whether the MIME of a copy in Sent Items has its Bcc, and how Exchange's own fields are in it: nobody has verified either. */
  copiesShowBcc: boolean;
  copiesShowTransport: boolean;
  /** What becomes of a From in MIME that the mailbox has no right to. */
  mimeFromWithoutRight: 'override' | 'deny';
  /** $expand of extended properties with "or" in its filter. */
  expandWithOr: 'none' | 'all';
  /** Whether PR_MESSAGE_FLAGS (Integer 0x0E07) can be read. */
  messageFlagsReadable: boolean;
  /** The answer to a second send of the same draft. */
  secondSend: 404 | 202;
  quotaStatus: 403 | 507;
  unknownLocalRecipient: 'ndr' | 'accept';
  /** createReply and its like: whether the comment is in the draft's body. */
  commentInDraft: boolean;
  /** A JSON mail whose HTML has a data: image above 2 MB is taken with 202 and goes out with an empty body (reported by users). */
  dropsLargeDataImages: boolean;
  /** Milliseconds before the copy appears in Sent Items, on top of the stage's delay. */
  lateSentItems: number;
  /** Milliseconds until the message trace shows a mail. */
  messageTraceDelay: number;
  /** Whether MIME of Exchange's own reports shows X-MS-Exchange-Organization-AuthAs. */
  reportsShowAuthAs: boolean;
  /** Whether a stranger's multipart/report gets a report class as it arrives (MS-OXCMAIL 2.2.3.7.1 says so; nobody has verified it). */
  strangersGetReportClass: boolean;
}

export function defaultSwitches(): Switches {
  return {
    autoCreateMailboxes: false,
    stageDelays: { pickUp: 10, file: 20, route: 10, deliver: 10, report: 20 },
    graphRoles: ['Mail.Send', 'Mail.ReadWrite', 'ExchangeMessageTrace.Read.All'],
    concurrencyLimit: 4,
    requestLimit: { count: 10_000, perMilliseconds: 600_000 },
    uploadLimit: { bytes: 150 * 1024 * 1024, perMilliseconds: 300_000 },
    retryAfter: 2.128,
    messageRateLimit: null,
    recipientRateLimit: null,
    recipientRateStatus: '5.1.90',
    externalRecipientRateLimit: null,
    trialTenant: false,
    recipientLimit: 500,
    requestSizeLimit: 4 * 1024 * 1024,
    messageSizeLimit: 35 * 1024 * 1024,
    tooLargeBody: 'json',
    immutableIdSurvivesSend: true,
    rewriteMessageIds: false,
    dropHeaders: false,
    dropExtendedProperties: false,
    copiesShowBcc: true,
    copiesShowTransport: false,
    mimeFromWithoutRight: 'override',
    expandWithOr: 'none',
    messageFlagsReadable: true,
    secondSend: 404,
    quotaStatus: 403,
    unknownLocalRecipient: 'ndr',
    commentInDraft: true,
    dropsLargeDataImages: false,
    lateSentItems: 0,
    messageTraceDelay: 0,
    reportsShowAuthAs: true,
    strangersGetReportClass: false,
  };
}

/** What Exchange Online allows to a tenant with one licence. Off by default: tests send more. */
export const exchangeLimits = {
  messageRateLimit: 30,
  recipientRateLimit: 10_000,
  externalRecipientRateLimit: 10_000,
} as const satisfies Partial<Switches>;

/** The tenant's own domain: an unknown address there is refused. Mailboxes can be made at any other domain as well. */
export const tenantDomain = 'contoso.com';
export const defaultMailboxes: readonly string[] = [
  'sender@contoso.com',
  'invoices@contoso.com',
  'alerts@contoso.com',
  'alice@contoso.com',
  'bob@contoso.com',
];
