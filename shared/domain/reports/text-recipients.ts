// Finds the recipients that a bounce's text names: the strongest kind of evidence that yields any counts, the weaker ones do not.

import { addressKey } from '../address/address.ts';
import { addressIn } from '../address/reported-address.ts';
import { fieldValue, readFieldGroups } from './header-fields.ts';
import type { MailParts } from './mail-parts.ts';
import { readOriginalMessage } from './original-message.ts';
import { ADDRESS, CONTACT_LINE, INLINE_RULES, LEADING_ADDRESS, NOT_RECIPIENT_NEXT } from './text-recipient-rules.ts';

/** `line`: where in the report's own lines, -1 where it was found elsewhere; `only`: no other recipient was found. */
export type Candidate = { address: string; line: number; only: boolean };

type Found = { address: string; line: number };

const ANY_ADDRESS = new RegExp(ADDRESS, 'giu');

/** The sender counts only if no other address is named: people do write to themselves. */
export function findCandidates(parts: MailParts, report: readonly string[], original: string): Candidate[] {
  const senders = senderAddresses(parts, original);
  const sources: Array<() => Found[]> = [
    () => leadingAddresses(report),
    () => inlineAddresses(report),
    () => addressesIn(fieldValue(parts.headers, 'x-failed-recipients') ?? ''),
    () => addressesIn(parts.subject),
    () => localName(parts, report),
    () => loneAddress(report, senders),
    () => originalRecipient(parts, original),
  ];
  let toSender: Found[] = [];
  for (const source of sources) {
    const found = distinct(source());
    const others = found.filter(({ address }) => !senders.has(address));
    if (others.length > 0) return others.map((candidate) => ({ ...candidate, only: others.length === 1 }));
    if (toSender.length === 0) toSender = found;
  }
  return toSender.map((candidate) => ({ ...candidate, only: toSender.length === 1 }));
}

function leadingAddresses(report: readonly string[]): Found[] {
  const found: Found[] = [];
  let before = '';
  report.forEach((line, index) => {
    const address = LEADING_ADDRESS.pattern.exec(line)?.[1];
    if (address && !NOT_RECIPIENT_NEXT.test(before)) found.push({ address, line: index });
    if (line.trim() !== '') before = line;
  });
  return found;
}

function inlineAddresses(report: readonly string[]): Found[] {
  return report.flatMap((line, index) => {
    if (CONTACT_LINE.test(line) || isQuoted(line)) return [];
    const rule = INLINE_RULES.find(({ pattern }) => pattern.test(line));
    return rule ? [{ address: rule.pattern.exec(line)![1]!, line: index }] : [];
  });
}

/** One address in the whole text, beside senders and contacts, must be the recipient. */
function loneAddress(report: readonly string[], senders: ReadonlySet<string>): Found[] {
  const lines = report.map((line) => (CONTACT_LINE.test(line) || isQuoted(line) ? '' : line));
  const found = distinct(lines.flatMap((line, index) => addressesIn(line).map(({ address }) => ({ address, line: index }))));
  const others = found.filter(({ address }) => !senders.has(address));
  return others.length === 1 ? others : [];
}

/** The original had one recipient, so it is that one. */
function originalRecipient(parts: MailParts, original: string): Found[] {
  const texts = [...parts.originals, original];
  const found = texts.map((text) => addressesIn(readOriginalMessage(text).to ?? '')).find((addresses) => addresses.length > 0) ?? [];
  return found.length === 1 ? found : [];
}

/** A list of names without domains: users of the mail system that reports. */
function localName(parts: MailParts, report: readonly string[]): Found[] {
  const heading = report.findIndex((line) => /\b(?:recipients?|address(?:es)?|users?|following)\b.{0,200}:\s*$/i.test(line));
  const domain = addressesIn(fieldValue(parts.headers, 'from') ?? '')[0]?.address.split('@')[1];
  const name = /^\s+([\w.-]{2,64})(?:\s{2,}.*|\s\(.*|\s*)$/.exec(report.slice(heading + 1).find((line) => line.trim() !== '') ?? '')?.[1];
  return heading >= 0 && domain && name ? [{ address: `${name}@${domain}`, line: heading + 1 }] : [];
}

function addressesIn(text: string): Found[] {
  return [...text.matchAll(ANY_ADDRESS)].map((match) => ({ address: match[1]!, line: -1 }));
}

function distinct(found: readonly Found[]): Found[] {
  const byAddress = new Map<string, Found>();
  for (const { address, line } of found) {
    const normal = addressIn(address);
    if (normal && !byAddress.has(normal)) byAddress.set(normal, { address: normal, line });
  }
  return [...byAddress.values()];
}

function senderAddresses(parts: MailParts, original: string): Set<string> {
  const fields = [...parts.originals, original].flatMap((text) => readFieldGroups(text.slice(0, 16_384))[0] ?? []);
  const values = [
    ...parts.headers.filter((field) => field.name === 'to' || field.name === 'from').map((field) => field.value),
    ...fields.filter((field) => field.name === 'from' || field.name === 'return-path').map((field) => field.value),
  ];
  return new Set(values.flatMap((value) => addressesIn(value).map(({ address }) => addressKey(address))));
}

export function isQuoted(line: string): boolean {
  return /^\s*>(?!>)/.test(line);
}
