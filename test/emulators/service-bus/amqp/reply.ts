// Answers a request of $cbs or $management on the link that the request names.
import type { ClientConnection } from './client-connection.ts';
import type { AmqpMessage } from './rhea-internals.ts';

export function reply(connection: ClientConnection, request: AmqpMessage, properties: Record<string, unknown>, body?: unknown): void {
  const answer: AmqpMessage = { application_properties: properties, body: body ?? null };
  if (request.message_id !== undefined) answer.correlation_id = request.message_id;
  connection.replyLinks.get(request.reply_to ?? '')?.send(answer);
}
