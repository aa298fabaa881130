// The lanes of a mailbox take its mails in turn: in a burst none has to wait behind many while another lane has nothing to do.
import { laneOf } from '../../domain/submit/lanes.ts';

/** A mailbox that is forgotten begins anew. */
const REMEMBERED_MAILBOXES = 10_000;

/** Of one process: others begin with other lanes, since the first one follows from the id. */
export class LaneTurns {
  readonly #last = new Map<string, string>();

  /** The lane of a new request. */
  next(mailbox: string, id: string, lanes: number): string {
    const last = this.#last.get(mailbox);
    const lane = last === undefined ? laneOf(id, lanes) : String((Number(last) + 1) % lanes);
    if (this.#last.size >= REMEMBERED_MAILBOXES) this.#last.clear();
    this.#last.set(mailbox, lane);
    return lane;
  }
}
