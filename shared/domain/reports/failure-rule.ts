// What is known of one kind of failure: its code and words, its cause, and what to do.
import type { TenantReach } from '../act/tenant-reach.ts';

/** The recipient's address, our own account, our whole tenant, or the recipient's policy or state. */
export const FAILURE_CLASSES = ['address', 'ownAccount', 'ownTenant', 'recipientPolicy'] as const;
export type FailureClass = (typeof FAILURE_CLASSES)[number];

/** Which mail of the tenant Exchange does not take any more. */
export interface TenantLimit {
  reach: TenantReach;
  /** The window in which Exchange counts, if its documentation names one. */
  windowMs?: number;
}

export type FailureRule = {
  /** One code, a range of details (`5.7.606-649`), or `*`. */
  code: string;
  /** If a code has several meanings: the words that identify this one. */
  text?: RegExp;
  class: FailureClass;
  meaning: string;
  whatToDo: string;
  /** Of class `ownTenant`. */
  limit?: TenantLimit;
  /** If the row is not in the pages that this file names. */
  source?: string;
};
