// Accounts that Exchange has blocked or over-charged, and the tenant if it is over a limit: but for one mail that probes, nothing is submitted from them until their pause ends or is lifted.
import type { AccountPause, AccountReport, Probe } from '../domain/act/account-pause.ts';

/** A pause that is on. */
export interface PausedAccount extends AccountPause {
  /** A canonical mailbox, or `TENANT`. */
  mailbox: string;
}

/**
 * `mailbox` may be `TENANT` in every method. All methods throw StoreUnavailable if the table is out of reach. Each change is made under
 * ETag: of several instances one makes it.
 */
export interface AccountPauses {
  /** Pauses a mailbox, or closes its pause again. False, and nothing written, if the report changes nothing. */
  pause(mailbox: string, report: AccountReport): Promise<boolean>;
  /** The pause that a mailbox is under now. All pauses are read together and remembered for seconds: it costs no read per mail or mailbox. */
  current(mailbox: string): Promise<AccountPause | undefined>;
  /** All pauses as they are now. */
  list(): Promise<PausedAccount[]>;
  /**
   * Makes a mail the probe. True if it is, or was already; false if it is too early, another mail probes, or nothing is paused.
   * `ofMailbox`: whose mail it is, if it probes for the tenant.
   */
  probe(mailbox: string, sendRequestId: string, ofMailbox?: string): Promise<boolean>;
  /** Ends it after its probe; reports that came in until `readUntil` don't bring it back. False if something was faster. */
  liftAfter(mailbox: string, probe: Probe, readUntil: string): Promise<boolean>;
  /** Ends it now; reports received before don't bring it back. */
  lift(mailbox: string): Promise<void>;
}
