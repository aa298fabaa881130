// Environments that are not production: recipients that must not get mail from there are replaced by one address, or the mail is refused.

import { printable } from '../content/addresses.ts';
import { addressOf } from '../content/message-checks.ts';
import type { GraphRecipient } from '../content/message-schema.ts';
import { type Checked, ok, type Problem, refused } from '../content/problem.ts';
import { readJson } from '../content/read-json.ts';
import { jsonBytes } from '../content/write-json.ts';
import { domainOf, MAXIMUM_CUSTOM_HEADERS } from '../doubt/marks.ts';
import type { ContentFormat, Operation, Recipient } from '../log/send-request.ts';
import { accessProblems } from './access-problems.ts';
import { REDIRECT_HEADER, replaceRecipients } from './redirect-mime.ts';
import { domainFits } from './sender-policy.ts';

export interface NonProduction {
  redirectTo: string | undefined;
  /** In lower case; their recipients get their mail all the same. */
  allowedDomains: readonly string[];
}

const MAXIMUM_HEADER = 900;

/** Whom these go to is known to Exchange alone. */
const UNKNOWN_RECIPIENTS: readonly Operation[] = ['reply', 'replyAll', 'createReply', 'createReplyAll', 'send'];

/** A draft that a send request of ours has made. */
export interface MadeDraft {
  redirectedTo?: string;
  recipients: readonly Recipient[];
}

/** What is read and replaced of a mail. */
interface Redirectable {
  content: Uint8Array;
  recipients: Recipient[];
  redirectedTo?: string;
}

export const isNonProduction = ({ redirectTo, allowedDomains }: NonProduction): boolean =>
  redirectTo !== undefined || allowedDomains.length > 0;

/** Some of them, and how many more: a header line has an end. */
export function redirectedFrom(addresses: readonly string[]): string {
  let text = '';
  for (const [index, address] of addresses.entries()) {
    const next = `${text ? `${text}, ` : ''}${printable(address, 320)}`;
    if (next.length > MAXIMUM_HEADER) return `${text} and ${addresses.length - index} more`;
    text = next;
  }
  return text;
}

type JsonObject = Record<string, unknown>;
const FIELDS = ['toRecipients', 'ccRecipients', 'bccRecipients'] as const;

const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The body with its recipients replaced; a header tells, where the mail is described at all and has room for one. */
function replaceInJson(content: Uint8Array, isAllowed: (address: string) => boolean, redirectTo: string): Uint8Array {
  // It is what a decoder has just written.
  const { value: body } = readJson(content) as { value: JsonObject };
  const described = isObject(body['message']) ? body['message'] : body;
  const removed: string[] = [];
  for (const holder of new Set([body, described])) {
    for (const field of FIELDS) {
      const list = holder[field];
      if (!Array.isArray(list)) continue;
      removed.push(...(list as GraphRecipient[]).map(addressOf).filter((address) => !isAllowed(address)));
      holder[field] = (list as GraphRecipient[]).filter((recipient) => isAllowed(addressOf(recipient)));
    }
  }
  const named = Array.isArray(body['toRecipients']) ? body : described;
  named['toRecipients'] = [...((named['toRecipients'] as unknown[] | undefined) ?? []), { emailAddress: { address: redirectTo } }];
  const given = (described['internetMessageHeaders'] as { name: string }[] | undefined) ?? [];
  const headers = given.filter(({ name }) => name.toLowerCase() !== REDIRECT_HEADER);
  if ((described !== body || body['comment'] === undefined) && headers.length < MAXIMUM_CUSTOM_HEADERS) {
    described['internetMessageHeaders'] = [...headers, { name: REDIRECT_HEADER, value: redirectedFrom(removed) }];
  }
  return jsonBytes(body);
}

const notHere = (why: string): Problem => accessProblems.accessDenied(`This environment is not production: ${why}`);

function replaced<T extends Redirectable>(
  decoded: T,
  format: ContentFormat,
  strangers: readonly Recipient[],
  rule: NonProduction,
  redirectTo: string,
): T {
  const isAllowed = (address: string) => isAllowedBy(rule, address);
  if (format !== 'mime') return { ...decoded, content: replaceInJson(decoded.content, isAllowed, redirectTo), redirectedTo: redirectTo };
  const kept = decoded.recipients.filter(({ address }) => isAllowed(address));
  const from = redirectedFrom(strangers.map(({ address }) => address));
  const content = replaceRecipients(decoded.content, [...kept, { address: redirectTo, type: 'to' }], from);
  return { ...decoded, content, redirectedTo: redirectTo };
}

const isAllowedBy = ({ allowedDomains }: NonProduction, address: string): boolean =>
  allowedDomains.some((pattern) => domainFits(pattern, domainOf(address)));

/** Its recipients were replaced when it was made, or needed not be. */
const isHarmless = ({ redirectedTo, recipients }: MadeDraft, rule: NonProduction): boolean =>
  redirectedTo !== undefined || recipients.every(({ address }) => isAllowedBy(rule, address));

/** The mail as it may go out from here. The log keeps the recipients that it was for. `draft`: what operation `send` names. */
export function redirect<T extends Redirectable>(
  operation: Operation,
  format: ContentFormat,
  decoded: T,
  rule: NonProduction,
  draft?: MadeDraft,
): Checked<T> {
  if (!isNonProduction(rule)) return ok(decoded);
  if (operation === 'send' && draft && isHarmless(draft, rule)) return ok(decoded);
  if (UNKNOWN_RECIPIENTS.includes(operation))
    return refused(
      notHere(`the recipients of '${operation}' cannot be replaced. Use sendMail, forward, or a draft made through this service.`),
    );
  const strangers = decoded.recipients.filter(({ address }) => !isAllowedBy(rule, address));
  const [stranger] = strangers;
  if (!stranger) return ok(decoded);
  if (rule.redirectTo === undefined) {
    return refused(notHere(`it sends to ${rule.allowedDomains.join(', ')} only, and not to '${printable(domainOf(stranger.address))}'.`));
  }
  return ok(replaced(decoded, format, strangers, rule, rule.redirectTo));
}
