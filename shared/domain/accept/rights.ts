// The rights tiers that our identity may have been granted, and which operation needs which.
import { type ContentFormat, isDraftOnly, type Operation } from '../log/send-request.ts';

/** `send`: Mail.Send. `read`: and Mail.Read. `readWrite`: and Mail.ReadWrite. */
export type GraphRights = 'send' | 'read' | 'readWrite';

const RANK: Record<GraphRights, number> = { send: 0, read: 1, readWrite: 2 };

/** These go through a draft in JSON: the answer to a reply names neither its recipients nor its Message-ID. */
const ANSWERS: readonly Operation[] = ['reply', 'replyAll', 'forward'];

/** `inParts`: too large for one request. */
export function rightsFor(operation: Operation, format: ContentFormat, inParts: boolean): GraphRights {
  if (isDraftOnly(operation) || inParts) return 'readWrite';
  if (format === 'json' && ANSWERS.includes(operation)) return 'readWrite';
  // A draft is looked at before it is sent: nothing else tells its mail again afterwards.
  return operation === 'send' ? 'read' : 'send';
}

export const suffices = (granted: GraphRights, needed: GraphRights): boolean => RANK[granted] >= RANK[needed];
