// The sender policy, read: one name per mailbox, and what each application may do. The default denies.
import { addressKey } from '../address/address.ts';
import { asciiDomain } from '../address/domain-name.ts';
import { canonicalMailbox } from '../address/mailbox-name.ts';
import type { LowerLimits } from '../limits/limit-rules.ts';
import { type ApplicationRule, placeOf, type SenderPolicyDocument, senderPolicySchema } from './sender-policy-schema.ts';

/** A rule with its place in the document. */
export interface PlacedRule {
  place: string;
  /** Addresses as keys, mailboxes under their canonical names. */
  rule: ApplicationRule & { from: readonly string[] };
}

export interface SenderPolicy {
  /** Every other name, by its address key, to the canonical one. */
  names: ReadonlyMap<string, string>;
  /** Canonical names of the mailboxes that are listed. */
  mailboxes: ReadonlySet<string>;
  /** Lower limits of mailboxes, by their canonical names. */
  limits: ReadonlyMap<string, LowerLimits>;
  /** By application id in lower case. */
  applications: ReadonlyMap<string, PlacedRule>;
}

export type ReadPolicy = { ok: true; policy: SenderPolicy } | { ok: false; problems: string[] };

const lower = (text: string): string => text.normalize('NFC').toLowerCase();

/** A pattern in the spelling of the keys that it is compared with. */
const patternKey = (pattern: string): string =>
  pattern.startsWith('*@') ? `*@${asciiDomain(pattern.slice(2)) ?? lower(pattern.slice(2))}` : addressKey(pattern);

/** The canonical mailbox that a name stands for, listed or not. */
export const resolveMailbox = (policy: SenderPolicy, name: string): string => policy.names.get(addressKey(name)) ?? name;

function namesOf(document: SenderPolicyDocument, problems: string[]): Pick<SenderPolicy, 'names' | 'mailboxes'> {
  const names = new Map<string, string>();
  const mailboxes = new Set<string>();
  for (const [i, { name, otherNames = [] }] of (document.mailboxes ?? []).entries()) {
    for (const [j, spelling] of [name, ...otherNames].entries()) {
      const place = j === 0 ? `mailboxes[${i}].name` : `mailboxes[${i}].otherNames[${j - 1}]`;
      const canonical = canonicalMailbox(spelling);
      const key = addressKey(canonical ?? '');
      const holder = names.get(key);
      // The same domain as A-labels and as U-labels is one name twice, which does no harm.
      const isOtherSpelling = holder === lower(name) && canonical !== lower(name);
      if (canonical === undefined) problems.push(`${place}: "${spelling}" cannot be a mailbox`);
      else if (holder !== undefined && !isOtherSpelling) problems.push(`${place}: "${spelling}" is already a name of ${holder}`);
      else names.set(key, lower(name));
    }
    mailboxes.add(lower(name));
  }
  return { names, mailboxes };
}

function applicationsOf(document: SenderPolicyDocument, names: SenderPolicy['names'], problems: string[]): SenderPolicy['applications'] {
  const applications = new Map<string, PlacedRule>();
  for (const [i, rule] of document.applications.entries()) {
    const place = `applications[${i}]`;
    const id = lower(rule.applicationId);
    const before = applications.get(id);
    if (before) problems.push(`${place}.applicationId: ${before.place} has the same id`);
    const mailboxes = rule.mailboxes.map((pattern) => patternKey(names.get(addressKey(pattern)) ?? pattern));
    const from = (rule.from ?? []).map(patternKey);
    applications.set(id, { place, rule: { ...rule, mailboxes, from, recipientDomains: rule.recipientDomains?.map(lower) } });
  }
  return applications;
}

const LIMITS = ['messagesPerMinute', 'recipientsPerDay'] as const;

/** A limit of a mailbox that nobody may use is a mistake, such as a name that is misspelt. */
function limitsIn(
  { mailboxes = [] }: SenderPolicyDocument,
  applications: SenderPolicy['applications'],
  problems: string[],
): SenderPolicy['limits'] {
  const limits = new Map<string, LowerLimits>();
  for (const [i, { name, messagesPerMinute, recipientsPerDay }] of mailboxes.entries()) {
    const own = { messagesPerMinute, recipientsPerDay };
    const first = LIMITS.find((limit) => own[limit] !== undefined);
    if (first === undefined) continue;
    const key = addressKey(name);
    const isUsed = [...applications.values()].some(({ rule }) => rule.mailboxes.some((pattern) => fits(pattern, key)));
    if (!isUsed) problems.push(`mailboxes[${i}].${first}: no application may send as ${name}, so the limit has no effect`);
    limits.set(lower(name), own);
  }
  return limits;
}

/** Checks a document and makes the policy of it, or lists every problem with its place. */
export function readSenderPolicy(document: unknown): ReadPolicy {
  const parsed = senderPolicySchema.safeParse(document);
  if (!parsed.success) {
    return { ok: false, problems: parsed.error.issues.map(({ path, message }) => `${placeOf(path) || 'the policy'}: ${message}`) };
  }
  const problems: string[] = [];
  const { names, mailboxes } = namesOf(parsed.data, problems);
  const applications = applicationsOf(parsed.data, names, problems);
  const limits = limitsIn(parsed.data, applications, problems);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, policy: { names, mailboxes, limits, applications } };
}

/** Whether an address or mailbox, by its key, is meant by `name@domain` or `*@domain` of a policy that was read. */
export const fits = (pattern: string, key: string): boolean =>
  pattern.startsWith('*@') ? key.slice(key.lastIndexOf('@')) === pattern.slice(1) : key === pattern;

/** Whether any line of the policy concerns this mailbox. */
export function isKnown(policy: SenderPolicy, mailbox: string): boolean {
  if (policy.mailboxes.has(mailbox)) return true;
  const key = addressKey(mailbox);
  return [...policy.applications.values()].some(({ rule }) => rule.mailboxes.some((pattern) => fits(pattern, key)));
}
