// One name per mailbox: every spelling in a path comes to one canonical name before lanes, keys and partitions see it.
import { isAddress } from './address.ts';

const OBJECT_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** The partition key, the lane and the log row carry it. */
const MAXIMUM_LENGTH = 254;

/**
 * The canonical name of a mailbox as the path names it (decoded once): a user principal name, a mail address or an object id, in
 * lower case and Unicode's NFC. Undefined if it cannot be one of them, or looks like another one (invisible format characters).
 */
export function canonicalMailbox(name: string): string | undefined {
  const canonical = name.normalize('NFC').toLowerCase();
  if (canonical.length > MAXIMUM_LENGTH) return undefined;
  if (OBJECT_ID.test(canonical)) return canonical;
  if (/[/\\?#%$"[\]\p{Cf}]/u.test(canonical) || canonical.includes('..')) return undefined;
  return isAddress(canonical) ? canonical : undefined;
}
