// The rights tiers that our identity may have been granted, and which one a mail needs.
import { type ContentFormat, type GraphRights, OPERATION_TABLE, type Operation } from '../operations.ts';

const RANK: Record<GraphRights, number> = { send: 0, read: 1, readWrite: 2 };

/** `inParts`: too large for one request, so that it needs a draft. A format that the operation does not take needs the most. */
export const rightsFor = (operation: Operation, format: ContentFormat, inParts: boolean): GraphRights =>
  inParts ? 'readWrite' : (OPERATION_TABLE[operation].rights[format] ?? 'readWrite');

export const suffices = (granted: GraphRights, needed: GraphRights): boolean => RANK[granted] >= RANK[needed];
