// Which path and method is which operation, and which permission it needs.

import * as answers from '../operations/answers.ts';
import * as attachments from '../operations/attachments.ts';
import type { Operation } from '../operations/call.ts';
import { delta } from '../operations/delta.ts';
import { createFolder, getFolder, listFolders } from '../operations/folders.ts';
import { countMessages, listMessages } from '../operations/lists.ts';
import * as messages from '../operations/messages.ts';
import { sendMail } from '../operations/send-mail.ts';
import { translateExchangeIds } from '../operations/translate-ids.ts';
import { createUploadSession } from '../operations/uploads.ts';
import { getUser } from '../operations/users.ts';
import { errors, type GraphError } from './errors.ts';

interface Route {
  readonly method: string;
  readonly pattern: readonly string[];
  /** The name that faults and statistics use. */
  readonly name: string;
  /** Any of these Microsoft Graph permissions. */
  readonly roles: readonly string[];
  readonly operation: Operation;
}

const send = ['Mail.Send'];
const read = ['Mail.Read', 'Mail.ReadWrite'];
const basic = ['Mail.ReadBasic.All', ...read];
const write = ['Mail.ReadWrite'];

function route(method: string, path: string, name: string, roles: readonly string[], operation: Operation): Route {
  return { method, pattern: path.split('/'), name, roles, operation };
}

/** Each works below users/{id} and below users/{id}/mailFolders/{id}. */
const messageRoutes: readonly [string, string, string, readonly string[], Operation][] = [
  ['GET', 'messages', 'list', basic, listMessages],
  ['POST', 'messages', 'createDraft', write, messages.createMessage],
  ['GET', 'messages/$count', 'list', basic, countMessages],
  ['GET', 'messages/:message', 'get', basic, messages.getMessage],
  ['PATCH', 'messages/:message', 'update', write, messages.updateMessage],
  ['DELETE', 'messages/:message', 'delete', write, messages.deleteMessage],
  ['GET', 'messages/:message/$value', 'getMime', read, messages.getMime],
  ['POST', 'messages/:message/send', 'send', send, messages.sendDraft],
  ['POST', 'messages/:message/reply', 'reply', send, answers.reply],
  ['POST', 'messages/:message/replyAll', 'replyAll', send, answers.replyAll],
  ['POST', 'messages/:message/forward', 'forward', send, answers.forward],
  ['POST', 'messages/:message/createReply', 'createReply', write, answers.createReply],
  ['POST', 'messages/:message/createReplyAll', 'createReplyAll', write, answers.createReplyAll],
  ['POST', 'messages/:message/createForward', 'createForward', write, answers.createForward],
  ['POST', 'messages/:message/move', 'move', write, messages.moveMessage],
  ['POST', 'messages/:message/copy', 'copy', write, messages.copyMessage],
  ['POST', 'messages/:message/permanentDelete', 'delete', write, messages.permanentDelete],
  ['GET', 'messages/:message/attachments', 'listAttachments', read, attachments.listAttachments],
  ['POST', 'messages/:message/attachments', 'attachment', write, attachments.addAttachment],
  ['POST', 'messages/:message/attachments/createUploadSession', 'uploadSession', write, createUploadSession],
  ['GET', 'messages/:message/attachments/:attachment', 'listAttachments', read, attachments.getAttachment],
  ['GET', 'messages/:message/attachments/:attachment/$value', 'listAttachments', read, attachments.getAttachmentContent],
  ['DELETE', 'messages/:message/attachments/:attachment', 'attachment', write, attachments.removeAttachment],
];

const routes: readonly Route[] = [
  route('POST', 'users/:mailbox/sendMail', 'sendMail', send, sendMail),
  route('POST', 'users/:mailbox/translateExchangeIds', 'translateIds', basic, translateExchangeIds),
  route('GET', 'users/:mailbox/mailFolders', 'folders', basic, listFolders),
  route('POST', 'users/:mailbox/mailFolders', 'folders', write, createFolder),
  route('GET', 'users/:mailbox/mailFolders/:folder', 'folders', basic, getFolder),
  route('GET', 'users/:mailbox/mailFolders/:folder/childFolders', 'folders', basic, listFolders),
  route('POST', 'users/:mailbox/mailFolders/:folder/childFolders', 'folders', write, createFolder),
  route('GET', 'users/:mailbox/messages/delta', 'delta', basic, () => {
    throw errors.invalidQuery("Change tracking is not supported against 'microsoft.graph.message'.");
  }),
  route('GET', 'users/:mailbox', 'user', ['User.Read.All', 'User.ReadBasic.All', 'Directory.Read.All'], getUser),
  route('GET', 'users/:mailbox/mailFolders/:folder/messages/delta', 'delta', basic, delta),
  ...messageRoutes.flatMap(([method, path, name, roles, operation]) => [
    route(method, `users/:mailbox/${path}`, name, roles, operation),
    route(method, `users/:mailbox/mailFolders/:folder/${path}`, name, roles, operation),
  ]),
];

export interface Match {
  readonly route: Route;
  readonly params: Record<string, string>;
}

/** Names of segments are read without regard to case, as Graph does. */
function matchPattern(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const actual = segments[index] ?? '';
    if (expected.startsWith(':')) params[expected.slice(1)] = actual;
    else if (expected.toLowerCase() !== actual.toLowerCase()) return undefined;
  }
  return params;
}

const knownRoots = ['users', 'subscriptions', '$batch', 'admin', 'groups', '$metadata', 'search', 'communications'];

/** Finds the operation; what Graph has and the emulator doesn't play is 501, what Graph doesn't have either is 400. */
export function findRoute(method: string, segments: readonly string[]): Match | GraphError {
  let otherMethod = false;
  for (const one of routes) {
    const params = matchPattern(one.pattern, segments);
    if (params === undefined) continue;
    if (one.method === method) return { route: one, params };
    otherMethod = true;
  }
  const [root = '', , third = ''] = segments;
  if (root.toLowerCase() === 'me') return errors.meNeedsUser();
  if (otherMethod) return errors.methodNotAllowed();
  if (!knownRoots.includes(root.toLowerCase())) return errors.unknownSegment(root);
  return errors.notPlayed(`${method} /${[root, ...(third === '' ? [] : ['{id}', ...segments.slice(2)])].join('/')}`);
}
