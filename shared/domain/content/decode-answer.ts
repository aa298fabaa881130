// reply, replyAll, forward and the operations that create their drafts, in JSON: {message?, comment?, toRecipients?}, all of it optional.
import { isDraftOnly, OPERATION_TABLE, type Operation } from '../operations.ts';
import { checkShape } from './check-shape.ts';
import { lowerFirstLetters, parseJsonObject } from './decode-json.ts';
import { decodeMessage, withoutNulls } from './decode-message.ts';
import type { Decoded } from './decoded.ts';
import { besideProblem } from './message-checks.ts';
import { forwardSchema, type GraphRecipient, type Message, replySchema } from './message-schema.ts';
import { type Checked, ok, type Problem, problems, refused } from './problem.ts';

interface Parameters {
  message?: Message | null | undefined;
  comment?: string | null | undefined;
  toRecipients?: GraphRecipient[] | null | undefined;
}

const isForward = (operation: Operation): boolean => OPERATION_TABLE[operation].body === 'forward';

/** https://learn.microsoft.com/graph/api/message-forward: exactly one of the two; a draft may have neither yet. */
function recipientsProblem(operation: Operation, { message, toRecipients }: Parameters): Problem | undefined {
  if (!isForward(operation)) return undefined;
  if (toRecipients && message?.toRecipients) {
    return problems.exclusive('the toRecipients parameter', 'the toRecipients property of the message parameter');
  }
  return toRecipients || message?.toRecipients || isDraftOnly(operation) ? undefined : problems.forwardToNobody();
}

function problemOf(operation: Operation, parameters: Parameters): Problem | undefined {
  const { comment, message } = parameters;
  // An empty comment beside a body would be refused by Graph as well.
  if (typeof comment === 'string' && message?.body) {
    return problems.exclusive('the comment parameter', 'the body property of the message parameter');
  }
  return recipientsProblem(operation, parameters) ?? besideProblem(parameters.toRecipients ?? [], 'toRecipients');
}

/** An empty body means no parameters. read-body.ts refuses a body that got lost on its way. */
function read(body: Uint8Array, operation: Operation): Checked<Parameters> {
  if (body.length === 0) return ok({});
  const parsed = parseJsonObject(body);
  if (!parsed.ok) return parsed;
  const given = lowerFirstLetters(parsed.value);
  const shape: Checked<Parameters> = isForward(operation)
    ? checkShape(given, forwardSchema, operation)
    : checkShape(given, replySchema, operation);
  return shape.ok ? ok(withoutNulls(shape.value)) : shape;
}

export const answerDecoder =
  (operation: Operation) =>
  (body: Uint8Array, recipientLimit: number): Checked<Decoded> => {
    const shape = read(body, operation);
    if (!shape.ok) return shape;
    const parameters = shape.value;
    const problem = problemOf(operation, parameters);
    if (problem) return refused(problem);
    const { message: given, ...rest } = parameters;
    return decodeMessage(given ?? {}, {
      path: 'message.',
      recipients: isDraftOnly(operation) ? 'unchecked' : isForward(operation) ? 'needed' : 'optional',
      beside: parameters.toRecipients ?? [],
      recipientLimit,
      isDraft: isDraftOnly(operation),
      body: (message) => ({ ...(given && { message }), ...rest }),
    });
  };
