// An action of a message by its qualified name, such as microsoft.graph.createReply: OData takes both, and libraries write either.
import { printable } from '../../domain/content/addresses.ts';
import { problems } from '../../domain/content/problem.ts';
import { type HttpHandler, httpHandler } from './handler.ts';
import { type MailDependencies, mailHandler } from './mail-handler.ts';
import { MESSAGE_ACTIONS } from './routes.ts';

export function qualifiedActionHandler(dependencies: MailDependencies): HttpHandler {
  const handlers = new Map([...MESSAGE_ACTIONS].map(([name, operation]) => [name, mailHandler(operation, dependencies)]));
  return (request, invocation) => {
    const named = request.params['messageAction'] ?? '';
    const unknown = httpHandler(dependencies, async () => problems.unknownSegment(printable(`microsoft.graph.${named}`)));
    return (handlers.get(named.toLowerCase()) ?? unknown)(request, invocation);
  };
}
