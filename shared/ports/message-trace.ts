// Exchange's message trace as the use cases need it: what became of the mails of a sender, per recipient. Its right is tenant-wide.
import type { CallContext, GraphAnswer } from './graph-mail.ts';

export interface TraceRow {
  id: string;
  internetMessageId?: string;
  recipient: string;
  /** Graph's own word: gettingStatus, pending, failed, delivered, expanded, quarantined, filteredAsSpam, and whatever comes later. */
  status: string;
  receivedDateTime: string;
}

export interface TracePage {
  rows: TraceRow[];
  nextLink?: string;
}

/** RFC 3339; at most ten days, of the last ninety. */
export interface TraceWindow {
  since: string;
  until: string;
}

export interface MessageTrace {
  /** A page of what `context.mailbox` sent in a window. Graph allows 100 requests in five minutes for the whole tenant. */
  list(context: CallContext, from: { link: string } | TraceWindow): Promise<GraphAnswer<TracePage>>;
}
