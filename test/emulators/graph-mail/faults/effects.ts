// What a fault (or a switch) can do to a mail after it was taken.
import type { Switches } from '../options.ts';
import type { FlagsFault } from './unsent.ts';

export interface Effects {
  /** Milliseconds until the copy appears in Sent Items, on top of the stage's delay; held: until it is released. */
  lateSentItems?: number | 'held';
  /** Milliseconds for which no list, delta query or id shows the mail, wherever it is. */
  hiddenFor?: number;
  rewriteMessageIds?: boolean;
  dropHeaders?: boolean;
  dropExtendedProperties?: boolean;
  /** The mail goes out, but its copy stays where it is. */
  copyStaysIn?: 'drafts' | 'outbox';
  /** A rule of the owner moves the copy from Sent Items to this folder. */
  copyMovedTo?: string;
  /** Answered 202, but never picked up by transport: stays in Drafts. */
  neverPickedUp?: boolean;
  /** The draft is made and never handed to transport: whatever is answered, it stays an unsent draft. */
  leftUnsent?: boolean;
  messageFlags?: FlagsFault;
  /** The copy is removed although it was to be kept. */
  copyRemoved?: boolean;
}

export function effectsOfSwitches(switches: Switches): Effects {
  const { lateSentItems, rewriteMessageIds, dropHeaders, dropExtendedProperties } = switches;
  return { lateSentItems, rewriteMessageIds, dropHeaders, dropExtendedProperties };
}
