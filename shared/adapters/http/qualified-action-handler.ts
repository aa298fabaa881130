// An action of a message by its qualified name, such as microsoft.graph.createReply: OData takes both, and libraries write either.
import { printable } from '../../domain/content/addresses.ts';
import { problems } from '../../domain/content/problem.ts';
import type { Operation } from '../../domain/operations.ts';
import { type HttpHandler, httpHandler } from './handler.ts';
import { type MailParts, mailHandler } from './mail-handler.ts';

const ACTIONS: readonly Operation[] = ['reply', 'replyAll', 'forward', 'createReply', 'createReplyAll', 'createForward', 'send'];

export function qualifiedActionHandler(parts: MailParts): HttpHandler {
  const handlers = new Map(ACTIONS.map((action) => [action.toLowerCase(), mailHandler(action, parts)]));
  return (request, invocation) => {
    const named = request.params['messageAction'] ?? '';
    const unknown = httpHandler(parts, async () => problems.unknownSegment(printable(`microsoft.graph.${named}`)));
    return (handlers.get(named.toLowerCase()) ?? unknown)(request, invocation);
  };
}
