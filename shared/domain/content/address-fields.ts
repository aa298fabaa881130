// The header fields of a MIME message that hold addresses. If a field cannot be read strictly, the message is refused and the field named.
import { addressKey } from '../address/address.ts';
import { type FieldSyntax, type Mailbox, readAddresses } from '../address/address-list.ts';
import type { RecipientType } from '../log/send-request.ts';
import { printable } from './addresses.ts';
import type { HeaderField, MimeHeader } from './mime-header.ts';
import { type Checked, ok, type Problem, problems, refused } from './problem.ts';

interface FieldRule {
  /** As RFC 5322 section 3.6 writes it. */
  name: string;
  syntax: FieldSyntax;
  recipients?: RecipientType;
  /** It names an author or sender of the mail, so the sender policy must allow its addresses. */
  isAuthor?: true;
}

/** RFC 5322 sections 3.6.2, 3.6.3 and 3.6.6. A group of RFC 6854 in From or Sender is refused: it need not name anybody. */
const RULES: readonly FieldRule[] = [
  { name: 'From', syntax: 'mailboxes', isAuthor: true },
  { name: 'Sender', syntax: 'mailbox', isAuthor: true },
  { name: 'Resent-From', syntax: 'mailboxes', isAuthor: true },
  { name: 'Resent-Sender', syntax: 'mailbox', isAuthor: true },
  { name: 'To', syntax: 'addresses', recipients: 'to' },
  { name: 'Cc', syntax: 'addresses', recipients: 'cc' },
  { name: 'Bcc', syntax: 'addresses', recipients: 'bcc' },
  { name: 'Reply-To', syntax: 'addresses' },
  { name: 'Resent-To', syntax: 'addresses' },
  { name: 'Resent-Cc', syntax: 'addresses' },
  { name: 'Resent-Bcc', syntax: 'addresses' },
  { name: 'Resent-Reply-To', syntax: 'addresses' },
];

export interface AddressField {
  rule: FieldRule;
  mailboxes: Mailbox[];
}

export type NamedMailbox = Mailbox & { type: RecipientType };

function problemOf({ name, recipients }: FieldRule, reason: string): Problem {
  const why = printable(reason, 300);
  return recipients ? problems.recipientField(name, why) : problems.mimeInvalid(`The header field ${name} cannot be read: ${why}.`);
}

function readField(rule: FieldRule, field: HeaderField): Checked<AddressField> {
  if (field.isUnindented) return refused(problemOf(rule, 'a continuation line does not begin with a space or tab'));
  const read = readAddresses(field.value, rule.syntax);
  if (!read.ok) return refused(problemOf(rule, read.why));
  const guessed = field.isGuessed && read.mailboxes.find(({ address }) => /[^\x20-\x7e]/.test(address));
  return guessed
    ? refused(problemOf(rule, 'an address contains bytes that are not UTF-8 (RFC 6532)'))
    : ok({ rule, mailboxes: read.mailboxes });
}

/** Every address field of a header, in the order From, Sender, their Resent- counterparts, To, Cc, Bcc, and the others. */
export function readAddressFields(header: MimeHeader): Checked<AddressField[]> {
  const read: AddressField[] = [];
  for (const rule of RULES) {
    for (const field of header.fields.filter(({ name }) => name === rule.name.toLowerCase())) {
      const checked = readField(rule, field);
      if (!checked.ok) return checked;
      read.push(checked.value);
    }
  }
  return ok(read);
}

/** To, Cc and Bcc. */
export const recipientsIn = (fields: readonly AddressField[]): NamedMailbox[] =>
  fields.flatMap(({ rule: { recipients: type }, mailboxes }) => (type ? mailboxes.map((mailbox) => ({ ...mailbox, type })) : []));

/** Whoever the mail claims to be from, each once; the first of From comes first. */
export function authorsIn(fields: readonly AddressField[]): string[] {
  const authors = new Map<string, string>();
  for (const { rule, mailboxes } of fields) {
    for (const { address } of rule.isAuthor ? mailboxes : []) {
      const key = addressKey(address);
      if (!authors.has(key)) authors.set(key, address);
    }
  }
  return [...authors.values()];
}

export const mailboxesIn = (fields: readonly AddressField[], name: string): Mailbox[] =>
  fields.filter(({ rule }) => rule.name === name).flatMap(({ mailboxes }) => mailboxes);
