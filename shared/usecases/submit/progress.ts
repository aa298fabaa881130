// How far one queue delivery has come.
import type { Stored } from '../log/write-log.ts';

/** `done`: complete the queue message. Otherwise the record as it is now, to decide again. */
export type Progress = 'done' | Stored;
