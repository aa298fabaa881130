// An unsent draft that an error has left behind, and message flags (0x0E07) that cannot be read or are wrong.
import type { Item } from '../store/item.ts';

/** unreadable: Graph shows no flags of the item. wrong: mfSubmitted says the opposite. */
export type FlagsFault = 'unreadable' | 'wrong';

const SUBMITTED = 4;
const faults = new WeakMap<Item, FlagsFault>();

export const setFlagsFault = (item: Item, fault: FlagsFault | undefined): void => {
  if (fault !== undefined) faults.set(item, fault);
};

/** The flags that a reader sees; undefined: none. */
export function flagsSeen(item: Item, flags: number): number | undefined {
  const fault = faults.get(item);
  if (fault === 'unreadable') return undefined;
  return fault === 'wrong' ? flags ^ SUBMITTED : flags;
}
