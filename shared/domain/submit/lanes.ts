// Lanes: how many submissions of one mailbox may run at the same time, and the Service Bus session that each one is.
import { fnv1a } from '../log/send-request-id.ts';

/** For RFC 9218 urgency 0. */
export const URGENT_LANE = 'urgent';
/** Service Bus allows 128 characters for a session id. */
const MAXIMUM_SESSION_ID = 128;

/** The lane of a send request, 0 to lanes-1, by a hash of its id. */
export const laneOf = (id: string, lanes: number): string => String(fnv1a(id) % lanes);

/** `{mailbox}/{lane}`; a mailbox name that is too long goes in as `#` and a hash. */
export function sessionIdOf(mailbox: string, lane: string): string {
  const plain = `${mailbox}/${lane}`;
  if (plain.length <= MAXIMUM_SESSION_ID) return plain;
  return `#${fnv1a(mailbox).toString(16)}${fnv1a(`${mailbox}#`).toString(16)}/${lane}`;
}
