// The sender policy, read: one name per mailbox, and what each application may do. The default denies.
import { canonicalMailbox } from './mailbox-name.ts';
import { type ApplicationRule, placeOf, type SenderPolicyDocument, senderPolicySchema } from './sender-policy-schema.ts';

/** A rule with its place in the document. */
export interface PlacedRule {
  place: string;
  /** Names in lower case, mailboxes under their canonical names. */
  rule: ApplicationRule & { from: readonly string[] };
}

export interface SenderPolicy {
  /** Every other name to the canonical one. */
  names: ReadonlyMap<string, string>;
  /** Canonical names of the mailboxes that are listed. */
  mailboxes: ReadonlySet<string>;
  /** By application id in lower case. */
  applications: ReadonlyMap<string, PlacedRule>;
}

export type ReadPolicy = { ok: true; policy: SenderPolicy } | { ok: false; problems: string[] };

const lower = (text: string): string => text.normalize('NFC').toLowerCase();

/** The canonical mailbox that a name stands for, listed or not. */
export const resolveMailbox = (policy: SenderPolicy, name: string): string => policy.names.get(name) ?? name;

function namesOf(document: SenderPolicyDocument, problems: string[]): Pick<SenderPolicy, 'names' | 'mailboxes'> {
  const names = new Map<string, string>();
  const mailboxes = new Set<string>();
  for (const [i, { name, otherNames = [] }] of (document.mailboxes ?? []).entries()) {
    for (const [j, spelling] of [name, ...otherNames].entries()) {
      const place = j === 0 ? `mailboxes[${i}].name` : `mailboxes[${i}].otherNames[${j - 1}]`;
      const canonical = canonicalMailbox(spelling);
      if (canonical === undefined) problems.push(`${place}: "${spelling}" cannot be a mailbox`);
      else if (names.has(canonical)) problems.push(`${place}: "${spelling}" is the name of ${names.get(canonical)} already`);
      else names.set(canonical, lower(name));
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
    if (before) problems.push(`${place}.applicationId: ${before.place} has the same one`);
    const mailboxes = rule.mailboxes.map((pattern) => names.get(lower(pattern)) ?? lower(pattern));
    const from = (rule.from ?? []).map(lower);
    applications.set(id, { place, rule: { ...rule, mailboxes, from, recipientDomains: rule.recipientDomains?.map(lower) } });
  }
  return applications;
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
  return problems.length > 0 ? { ok: false, problems } : { ok: true, policy: { names, mailboxes, applications } };
}

/** Whether an address or mailbox is meant by `name@domain` or `*@domain`. */
export const fits = (pattern: string, name: string): boolean =>
  pattern.startsWith('*@') ? name.slice(name.lastIndexOf('@')) === pattern.slice(1) : name === pattern;

/** Whether a domain is meant by `domain` or by `*.domain`, which stands for those below it. */
export const domainFits = (pattern: string, domain: string): boolean =>
  pattern.startsWith('*.') ? domain.endsWith(pattern.slice(1)) : domain === pattern;

/** Whether any line of the policy speaks of this mailbox. */
export const isKnown = (policy: SenderPolicy, mailbox: string): boolean =>
  policy.mailboxes.has(mailbox) ||
  [...policy.applications.values()].some(({ rule }) => rule.mailboxes.some((pattern) => fits(pattern, mailbox)));
