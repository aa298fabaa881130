// In an environment that is not production, one address replaces the recipients that must not get mail from it; or the mail is refused.

import { domainOf } from '../address/address.ts';
import { domainFits } from '../address/domain-name.ts';
import { type NamedMailbox, readAddressFields, recipientsIn } from '../content/address-fields.ts';
import { printable } from '../content/addresses.ts';
import { addressOf } from '../content/message-checks.ts';
import type { GraphRecipient } from '../content/message-schema.ts';
import { readMimeHeader } from '../content/mime-header.ts';
import { type Checked, ok, type Problem, refused } from '../content/problem.ts';
import { readJson } from '../content/read-json.ts';
import { jsonBytes } from '../content/write-json.ts';
import { MAXIMUM_CUSTOM_HEADERS } from '../doubt/marks.ts';
import type { Recipient } from '../log/send-request.ts';
import { type ContentFormat, OPERATION_TABLE, type Operation } from '../operations.ts';
import { accessProblems } from './access-problems.ts';
import { REDIRECT_HEADER, replaceRecipients } from './redirect-mime.ts';

export interface NonProduction {
  redirectTo: string | undefined;
  /** In lower case. Recipients in these domains get their mail. */
  allowedDomains: readonly string[];
}

const MAXIMUM_HEADER = 900;

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

/** As many addresses as fit into a header line, and the number of the others. */
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

/** The body with its recipients replaced. A header names them, if the body describes the mail and has room for a header. */
function replaceInJson(content: Uint8Array, isAllowed: (address: string) => boolean, redirectTo: string): Uint8Array {
  // A decoder has just written it, so it is valid.
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
  const kept = namedRecipients(decoded).filter(({ address }) => isAllowed(address));
  const from = redirectedFrom(strangers.map(({ address }) => address));
  const content = replaceRecipients(decoded.content, [...kept, { address: redirectTo, name: '', type: 'to' }], from);
  return { ...decoded, content, redirectedTo: redirectTo };
}

/** With their display names, as far as the header can be read; it was read before. */
function namedRecipients({ content, recipients }: Redirectable): NamedMailbox[] {
  const header = readMimeHeader(content);
  const fields = header.ok ? readAddressFields(header.value) : header;
  return fields.ok ? recipientsIn(fields.value) : recipients.map(({ address, type }) => ({ address, type, name: '' }));
}

/**
 * If the recipients of a mail are limited, its recipient fields are written anew from what we read, so that no other program reads other
 * recipients in them. Not needed for JSON, which has one reading; for a redirected mail, which was written anew; and for a reply, which
 * goes to the recipients that its original names.
 */
export function withRecipientsAnew<T extends Redirectable>(operation: Operation, format: ContentFormat, decoded: T): T {
  const isWritten = format !== 'mime' || decoded.redirectedTo !== undefined || OPERATION_TABLE[operation].recipients !== 'own';
  return isWritten ? decoded : { ...decoded, content: replaceRecipients(decoded.content, namedRecipients(decoded)) };
}

const isAllowedBy = ({ allowedDomains }: NonProduction, address: string): boolean =>
  allowedDomains.some((pattern) => domainFits(pattern, domainOf(address)));

/** The addresses that a mail goes to, of those that the log has. */
export function actualRecipients(
  { recipients, redirectedTo }: { recipients: readonly Pick<Recipient, 'address'>[]; redirectedTo?: string },
  rule: NonProduction,
): string[] {
  const addresses = recipients.map(({ address }) => address);
  return redirectedTo === undefined ? addresses : [...addresses.filter((address) => isAllowedBy(rule, address)), redirectedTo];
}

/** Its recipients were replaced when it was made, or all of them are allowed. */
const isHarmless = ({ redirectedTo, recipients }: MadeDraft, rule: NonProduction): boolean =>
  redirectedTo !== undefined || recipients.every(({ address }) => isAllowedBy(rule, address));

/** The mail as it may leave this environment. The log keeps the original recipients. `draft`: the one that operation `send` names. */
export function redirect<T extends Redirectable>(
  operation: Operation,
  format: ContentFormat,
  decoded: T,
  rule: NonProduction,
  draft?: MadeDraft,
): Checked<T> {
  if (!isNonProduction(rule)) return ok(decoded);
  const { recipients } = OPERATION_TABLE[operation];
  if (recipients === 'draft' && draft && isHarmless(draft, rule)) return ok(decoded);
  if (recipients !== 'own')
    return refused(
      notHere(`the recipients of '${operation}' cannot be replaced. Use sendMail, forward, or a draft made through this service.`),
    );
  const strangers = decoded.recipients.filter(({ address }) => !isAllowedBy(rule, address));
  const [stranger] = strangers;
  if (!stranger) return ok(withRecipientsAnew(operation, format, decoded));
  if (rule.redirectTo === undefined) {
    return refused(
      notHere(
        `it sends to ${rule.allowedDomains.join(', ')} only, and not to '${printable(domainOf(stranger.address) ?? stranger.address)}'.`,
      ),
    );
  }
  return ok(replaced(decoded, format, strangers, rule, rule.redirectTo));
}
