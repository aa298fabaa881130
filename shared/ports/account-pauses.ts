// Mailboxes whose account Exchange has blocked or over-charged: nothing is submitted from them until their pause ends or is lifted.

export interface AccountPause {
  /** RFC 3339. */
  until: string;
  /** What Exchange's report said, in a few words. */
  reason: string;
}

/** All methods throw StoreUnavailable if the table is out of reach. */
export interface AccountPauses {
  /**
   * Pauses a mailbox for a report received at `since`. False, and nothing written, where it is paused for about as long already, or was
   * lifted after that report came in.
   */
  pause(mailbox: string, pause: AccountPause & { since: string }): Promise<boolean>;
  /** The pause that a mailbox is under now. Remembered in memory for seconds: it costs no read per mail. */
  current(mailbox: string): Promise<AccountPause | undefined>;
  /** Ends it now; reports received before don't bring it back. */
  lift(mailbox: string): Promise<void>;
}
