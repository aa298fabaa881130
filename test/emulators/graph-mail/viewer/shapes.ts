// What the viewer's server tells its page.

export interface ListedMail {
  readonly mailbox: string;
  /** Of the mail in its mailbox. */
  readonly key: number;
  readonly folder: string;
  readonly subject: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly preview: string;
  readonly receivedDateTime: string;
  readonly itemClass: string;
  readonly isDraft: boolean;
  readonly isRead: boolean;
  /** Handed to transport, which has not picked it up. */
  readonly submitted: boolean;
  readonly attachments: number;
}

export interface MailList {
  /** Of all that match. */
  readonly count: number;
  readonly value: readonly ListedMail[];
}

interface Named {
  readonly name: string;
  readonly value: string;
}

interface Outcome {
  readonly address: string;
  readonly type: 'to' | 'cc' | 'bcc';
  readonly outcome: string;
  readonly status: string | null;
}

export interface MailFacts {
  readonly mailbox: string;
  readonly key: number;
  readonly folder: string;
  readonly version: number;
  readonly size: number;
  readonly subject: string;
  readonly from: string | null;
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly bcc: readonly string[];
  readonly internetMessageId: string;
  readonly inReplyTo: string;
  readonly itemClass: string;
  readonly isDraft: boolean;
  readonly isRead: boolean;
  readonly submitted: boolean;
  readonly createdDateTime: string;
  readonly receivedDateTime: string;
  readonly hasHtml: boolean;
  readonly text: string;
  readonly isTextCut: boolean;
  readonly headers: readonly Named[];
  readonly properties: readonly Named[];
  readonly attachments: readonly { name: string; contentType: string | null; size: number; isInline: boolean }[];
  /** The other mails with this Message-ID. */
  readonly copies: readonly { mailbox: string; key: number; folder: string }[];
  /** When transport has passed the mail on, and what became of each recipient. */
  readonly handedOn: readonly { handedOnDateTime: string; recipients: readonly Outcome[] }[];
  readonly link: { text: string; url: string } | null;
}

export interface Overview {
  readonly now: string;
  readonly isFrozen: boolean;
  /** Whether the control API is there for the page's buttons. */
  readonly controlled: boolean;
  readonly mailboxes: readonly { address: string; state: string; folders: readonly { name: string; items: number }[] }[];
  readonly faults: readonly { id: string; operation: string; mailbox?: string; when: string; fired: number; times: number | null }[];
  /** `held`: the mailboxes for which the stage is held; null: for all. */
  readonly stages: readonly { name: string; waiting: number; held: readonly (string | null)[] }[];
}

export interface Deliveries {
  readonly value: readonly {
    readonly id: string;
    readonly mailbox: string;
    readonly subject: string;
    readonly operation: string;
    readonly internetMessageId: string;
    readonly handedOnDateTime: string;
    readonly recipients: readonly Outcome[];
  }[];
}
