// An item in a mailbox of the in-memory Graph, and what Graph shows of it.
import type { MailboxCopy } from '../../shared/domain/doubt/copies.ts';
import type { MailIdentity } from './mail-identity.ts';

export type Folder = 'drafts' | 'sentItems' | 'inbox' | 'elsewhere';

export interface FakeItem extends MailIdentity {
  id: string;
  mailbox: string;
  folder: Folder;
  /** Handed to transport; `deliverHeld` files it. */
  submitted: boolean;
  createdDateTime: string;
  version: number;
  removed?: boolean;
  itemClass?: string;
  looksLikeReport?: boolean;
  /** Names of what was attached after it was made. */
  attached?: string[];
  /** Its body, once it was replaced. */
  body?: unknown;
}

export const notFound = {
  kind: 'answered',
  status: 404,
  code: 'ErrorItemNotFound',
  message: 'The specified object was not found in the store.',
} as const;

export const toCopy = ({ id, internetMessageId, mark, folder, createdDateTime }: FakeItem): MailboxCopy => ({
  id,
  internetMessageId,
  isDraft: folder === 'drafts',
  createdDateTime,
  parentFolderId: folder,
  ...(mark !== undefined && { mark }),
});
