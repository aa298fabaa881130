// A tenant whose message trace is not read.
import type { MessageTrace } from '../../shared/ports/message-trace.ts';

export const noMessageTrace: MessageTrace = { list: async () => ({ kind: 'notSent', reason: 'off' }) };
