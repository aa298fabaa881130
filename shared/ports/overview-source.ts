// Where the overview of operators looks: what waits in a mailbox, and which mailboxes lately had something that needs a person.
import type { AttentionKind, Waiting } from '../domain/log/attention.ts';

/** All methods throw StoreUnavailable if the table is out of reach. */
export interface OverviewSource {
  /** Open requests that await more than the end of their report window, at most `top`. One operation. */
  waiting(mailbox: string, top: number): Promise<Waiting[]>;
  /** Mailboxes in which a request came to need attention since that time, for each kind. One operation per thousand. */
  attention(since: number): Promise<{ mailbox: string; kind: AttentionKind }[]>;
}
