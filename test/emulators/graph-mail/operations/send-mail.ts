// POST /users/{id}/sendMail. https://learn.microsoft.com/graph/api/user-sendmail
import { errors } from '../http/errors.ts';
import { isObject } from '../validation/check.ts';
import { isMimeRequest, readBoolean, readMimeBody, readParameters } from '../validation/parameters.ts';
import type { Operation } from './call.ts';
import { addDraft, contentFromJson, contentFromMime } from './drafts.ts';
import { checkSubmission, submit } from './submit.ts';

export const sendMail: Operation = async (call) => {
  if (isMimeRequest(call.request)) {
    const content = await contentFromMime(call, readMimeBody(call.request));
    checkSubmission(call, content);
    return submit(call, addDraft(call, content), { operation: 'sendMail' });
  }
  const parameters = readMessageParameter(call);
  const saveToSentItems = readBoolean(parameters['saveToSentItems'], 'saveToSentItems') ?? true;
  const content = contentFromJson(call, parameters['message']);
  checkSubmission(call, content);
  return submit(call, addDraft(call, content), { operation: 'sendMail', saveToSentItems });
};

/** A message without its wrapper is answered as if the parameter were empty (seen). */
function readMessageParameter(call: Parameters<Operation>[0]): { message: Record<string, unknown>; saveToSentItems?: unknown } {
  let parameters: Record<string, unknown>;
  try {
    parameters = readParameters(call.request, 'sendMail', ['message', 'saveToSentItems']);
  } catch (error) {
    if (/"message"\s*:/i.test(call.request.body.toString('latin1')) || !/^\s*\{/.test(call.request.body.toString('latin1'))) throw error;
    throw errors.emptyParameter('Message');
  }
  const { message, saveToSentItems } = parameters;
  if (message === undefined || message === null) throw errors.emptyParameter('Message');
  if (!isObject(message)) throw errors.wrongType('message', 'microsoft.graph.message');
  return { message, saveToSentItems };
}
