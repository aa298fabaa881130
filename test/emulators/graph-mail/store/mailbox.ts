// One mailbox: folders, items and the order of their changes. Pure but for new identifiers; every change goes through here.

import { newFolderId, newImmutableId, newItemId, objectIdFor } from './ids.ts';
import type { Item, MessageContent } from './item.ts';

export interface Folder {
  readonly id: string;
  readonly wellKnownName: string | null;
  displayName: string;
  parentFolderId: string;
}

/** Trace of an item that left a folder, for delta queries. */
export interface Removal {
  readonly version: number;
  readonly folderId: string;
  readonly id: string;
  readonly immutableId: string;
  readonly reason: 'deleted' | 'changed';
}

/**
 * full: takes neither drafts nor mail; senderBlocked, overQuota: submits, but each mail comes back (5.1.8, 5.2.2);
 * the others refuse every request.
 */
export const mailboxStates = [
  'ok',
  'full',
  'senderBlocked',
  'overQuota',
  'submissionBlocked',
  'accessDenied',
  'blockedByPolicy',
  'notEnabledForRest',
] as const;
export type MailboxState = (typeof mailboxStates)[number];

const wellKnownFolders: readonly [string, string][] = [
  ['inbox', 'Inbox'],
  ['drafts', 'Drafts'],
  ['outbox', 'Outbox'],
  ['sentitems', 'Sent Items'],
  ['junkemail', 'Junk Email'],
  ['deleteditems', 'Deleted Items'],
  ['archive', 'Archive'],
];

export interface MailboxSettings {
  address: string;
  aliases?: readonly string[] | undefined;
  displayName?: string | undefined;
  objectId?: string | undefined;
}

export class Mailbox {
  readonly objectId: string;
  readonly address: string;
  readonly aliases: string[];
  displayName: string;
  state: MailboxState = 'ok';
  /** Addresses that this mailbox may send as, and on behalf of. */
  sendAs: string[] = [];
  sendOnBehalf: string[] = [];
  readonly folders = new Map<string, Folder>();
  readonly items = new Map<number, Item>();
  readonly removals: Removal[] = [];
  readonly rootId = newFolderId();
  version = 0;
  private readonly byId = new Map<string, Item>();
  private nextKey = 1;

  constructor(settings: MailboxSettings) {
    this.address = settings.address;
    this.aliases = [...(settings.aliases ?? [])];
    this.objectId = settings.objectId ?? objectIdFor(settings.address);
    this.displayName = settings.displayName ?? settings.address.split('@')[0] ?? settings.address;
    for (const [wellKnownName, displayName] of wellKnownFolders) this.addFolder(displayName, this.rootId, wellKnownName);
  }

  owns(address: string): boolean {
    const wanted = address.toLowerCase();
    return this.address.toLowerCase() === wanted || this.aliases.some((alias) => alias.toLowerCase() === wanted);
  }

  addFolder(displayName: string, parentFolderId = this.rootId, wellKnownName: string | null = null): Folder {
    const folder: Folder = { id: newFolderId(), wellKnownName, displayName, parentFolderId };
    this.folders.set(folder.id, folder);
    return folder;
  }

  /** A folder by id, or by well-known name (any case). */
  folder(name: string): Folder | undefined {
    const wanted = name.toLowerCase();
    return this.folders.get(name) ?? [...this.folders.values()].find((folder) => folder.wellKnownName === wanted);
  }

  wellKnown(name: string): Folder {
    const folder = this.folder(name);
    if (folder === undefined) throw new Error(`no folder ${name}`);
    return folder;
  }

  find(id: string): Item | undefined {
    return this.byId.get(id);
  }

  itemsIn(folderId: string): Item[] {
    return [...this.items.values()].filter((item) => item.folderId === folderId);
  }

  add(content: MessageContent, folderId: string, now: number, more: Partial<Item> = {}): Item {
    const item: Item = {
      ...content,
      key: this.nextKey++,
      id: newItemId(),
      immutableId: newImmutableId(),
      folderId,
      isDraft: false,
      submitted: false,
      received: false,
      createdDateTime: now,
      lastModifiedDateTime: now,
      receivedDateTime: now,
      version: ++this.version,
      ...more,
    };
    this.items.set(item.key, item);
    this.index(item);
    return item;
  }

  change(item: Item, changes: Partial<Item>, now: number): void {
    Object.assign(item, changes, { version: ++this.version, lastModifiedDateTime: now });
  }

  /** Moves an item: it vanishes from one folder and appears in the other under a new regular id. */
  move(item: Item, folderId: string, now: number, options: { newImmutableId?: boolean } = {}): void {
    this.recordRemoval(item, 'changed');
    this.unindex(item);
    this.change(item, { id: newItemId(), folderId }, now);
    if (options.newImmutableId) item.immutableId = newImmutableId();
    this.index(item);
  }

  remove(item: Item): void {
    this.recordRemoval(item, 'deleted');
    this.unindex(item);
    this.items.delete(item.key);
  }

  private recordRemoval(item: Item, reason: Removal['reason']): void {
    const { folderId, id, immutableId } = item;
    this.removals.push({ version: ++this.version, folderId, id, immutableId, reason });
  }

  private index(item: Item): void {
    this.byId.set(item.id, item);
    this.byId.set(item.immutableId, item);
  }

  private unindex(item: Item): void {
    this.byId.delete(item.id);
    this.byId.delete(item.immutableId);
  }
}
