// Identifiers of the shape Exchange gives them: opaque, case-sensitive, safe in a URL but for "=".
import { createHash, randomFillSync, randomUUID } from 'node:crypto';

/** Node fills a large buffer as quickly as a small one: a mail has six random parts, and a test has 100,000 mails. */
const pool = Buffer.alloc(8_192);
let used = pool.length;

function randomBytes(size: number): Buffer {
  if (used + size > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += size;
  return pool.subarray(used - size, used);
}

export const newGuid = (): string => randomUUID();

/** An object id that stays the same from run to run: settings may name it. */
export function objectIdFor(address: string): string {
  const hex = createHash('sha256').update(address.toLowerCase()).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A regular id; Exchange gives an item another one whenever it moves. */
export const newItemId = (): string => `AAMkAD${randomBytes(39).toString('base64url')}AAA=`;
export const newImmutableId = (): string => `AAkALgAAAAAAHYQDEapmEc2byACqAC-EWg0A${randomBytes(24).toString('base64url')}AAA=`;
export const newFolderId = (): string => `AQMkAD${randomBytes(27).toString('base64url')}AAAA==`;
export const newAttachmentId = (): string => `AAMkAD${randomBytes(45).toString('base64url')}EgAQA=`;
export const newConversationId = (): string => `AAQkAD${randomBytes(24).toString('base64url')}AQA=`;

const server = () => `${randomBytes(2).toString('hex').toUpperCase()}MB${1000 + (randomBytes(2).readUInt16BE() % 9000)}`;

/** As Exchange Online assigns one: base64-like local part at the mailbox server's name. */
export function newInternetMessageId(): string {
  const host = `AM0PR${server()}.eurprd04.prod.outlook.com`;
  return `<${randomBytes(18).toString('hex').toUpperCase()}@${host}>`;
}

/** Thread-Index (MS-OXOMSG 2.2.1.3): 22 bytes for the first mail, five more for each answer. */
export function newConversationIndex(now: number): string {
  const header = Buffer.alloc(22);
  const fileTime = (BigInt(now) + 11_644_473_600_000n) * 10_000n;
  header.writeBigUInt64BE(fileTime, 0);
  header[0] = 1;
  randomBytes(16).copy(header, 6);
  return header.toString('base64');
}

export function childConversationIndex(parent: string): string {
  return Buffer.concat([Buffer.from(parent, 'base64'), randomBytes(5)]).toString('base64');
}
