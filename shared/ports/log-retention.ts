// The end of the status log's rows: everything of a request goes together, once it is settled and old enough.

export interface Purged {
  records: number;
  rows: number;
  /** False if `mayGoOn` ended it. */
  finished: boolean;
}

/** All methods throw StoreUnavailable if the table is out of reach. Two runs at once are safe. */
export interface LogRetention {
  /** The store's key of the first mailbox that has rows and comes after that key; '' begins. */
  nextMailbox(after: string): Promise<string | undefined>;
  /** Deletes a mailbox's rows of requests that are settled, whose last change and lifetime lie before that time (RFC 3339). */
  purge(mailboxKey: string, before: string, mayGoOn: () => boolean): Promise<Purged>;
  /** Deletes a mailbox's rows from before that time that point to no request any more. Reads them all: seldom. */
  sweep(mailboxKey: string, before: string, mayGoOn: () => boolean): Promise<Purged>;
}
