// To whom a send request is sent again. Nobody gets a mail twice: a recipient is chosen only if the mail did not reach it, and only once.

import { addressKey, isAddress } from '../address/address.ts';
import { printable } from '../content/addresses.ts';
import { type Problem, problems } from '../content/problem.ts';
import { isPartlyResendable, isResendable, isUnsent } from '../log/lifecycle.ts';
import type { Recipient, SendRequestRecord } from '../log/send-request.ts';

/** A recipient of the first send request (`replaces`, or else `address`), and the address that gets the mail now. */
export interface Correction {
  address: string;
  replaces?: string | undefined;
}

export type AskedRecipients = 'all' | 'failed' | readonly Correction[];

export type Chosen =
  /** `isWhole`: everybody, under the first addresses. */
  | { kind: 'chosen'; recipients: Recipient[]; isWhole: boolean }
  /** They were all chosen before. */
  | { kind: 'before'; as: string }
  /** The state of the request or of a recipient does not allow it. */
  | { kind: 'impossible'; why: string }
  | { kind: 'refused'; problem: Problem };

/** What was sent again before: the recipients of those send requests. */
export type Earlier = readonly (Recipient & { as: string })[];

const shown = (address: string): string => `'${printable(address, 320)}'`;

const bad = (message: string): Chosen => ({ kind: 'refused', problem: { status: 400, code: 'ErrorInvalidRecipients', message } });

const impossible = (why: string): Chosen => ({ kind: 'impossible', why });

/** A version that knew no recipients of a resend has sent the mail again to everybody. */
function resentAsOf({ resentAs }: SendRequestRecord, recipients: readonly Recipient[]): (recipient: Recipient) => string | undefined {
  const isOfWhole = recipients.every((recipient) => recipient.resentAs === undefined);
  return (recipient) => recipient.resentAs ?? (isOfWhole ? resentAs : undefined);
}

/** `named`: somebody asks for all of them, or for this one. An unaccounted mail may have gone out: that person has looked. */
const didNotGetIt = ({ status }: SendRequestRecord, { action }: Recipient, named: boolean): boolean =>
  isUnsent(status) || (status === 'unaccounted' && named) || action === 'failed';

function whyNotNow({ status }: SendRequestRecord, asked: AskedRecipients): string | undefined {
  if (isResendable(status)) return undefined;
  if (!isPartlyResendable(status)) return `The send request is ${status}: only one that has finally failed can be sent again.`;
  if (asked !== 'all') return undefined;
  return (
    `The send request is ${status}: Exchange has taken the mail, so it is not sent to everybody again. ` +
    'To send it again to the recipients that failed, post {"recipients": "failed"}.'
  );
}

const plain = ({ address, type }: Recipient): Recipient => ({ address, type });

function byWord(record: SendRequestRecord, recipients: readonly Recipient[], asked: 'all' | 'failed'): Chosen {
  const failed = recipients.filter((recipient) => didNotGetIt(record, recipient, asked === 'all'));
  const isUnknown = recipients.length === 0 && (isUnsent(record.status) || asked === 'all');
  if (failed.length === 0 && !isUnknown) return impossible(`The send request is ${record.status}, and no recipient has failed.`);
  const resentAs = resentAsOf(record, recipients);
  const left = failed.filter((recipient) => resentAs(recipient) === undefined);
  if (failed.length > 0 && left.length === 0) return { kind: 'before', as: record.resentAs as string };
  return { kind: 'chosen', recipients: left.map(plain), isWhole: left.length === recipients.length };
}

interface Place {
  index: number;
  recipient: Recipient;
}

/** By key; of equal ones the first. */
function placesOf(recipients: readonly Recipient[]): Map<string, Place> {
  const places = new Map<string, Place>();
  for (const [index, recipient] of recipients.entries()) {
    const key = addressKey(recipient.address);
    if (!places.has(key)) places.set(key, { index, recipient });
  }
  return places;
}

interface Named extends Place {
  /** Who gets the mail. */
  to: Recipient;
}

/** The recipients that are named, each with its place; or what is wrong with the list. */
function named(recipients: readonly Recipient[], asked: readonly Correction[]): Named[] | Chosen {
  const places = placesOf(recipients);
  const [targets, addresses] = [new Set<string>(), new Set<string>()];
  const all: Named[] = [];
  for (const { address, replaces = address } of asked) {
    const place = places.get(addressKey(replaces));
    if (!place)
      return bad(`${shown(replaces)} is not a recipient of the send request. Name in 'replaces' the recipient as the send request has it.`);
    if (!isAddress(address)) return { kind: 'refused', problem: problems.invalidRecipient(printable(address, 320)) };
    const [target, key] = [addressKey(replaces), addressKey(address)];
    if (targets.has(target) || addresses.has(key)) return bad(`${shown(targets.has(target) ? replaces : address)} is named twice.`);
    if (key !== target && places.has(key)) return bad(`${shown(address)} is a recipient of the send request already: name it by itself.`);
    targets.add(target);
    addresses.add(key);
    const { recipient } = place;
    all.push({ ...place, to: key === target ? plain(recipient) : { address, type: recipient.type, replaces: recipient.address } });
  }
  return all.sort((a, b) => a.index - b.index);
}

const outcomeOf = ({ action }: Recipient): string => (action === undefined ? 'nothing was reported of it' : `it is ${action}`);

/** The same address for the same recipient. */
const isSame = (one: Recipient, other: Recipient): boolean =>
  addressKey(one.address) === addressKey(other.address) &&
  addressKey(one.replaces ?? one.address) === addressKey(other.replaces ?? other.address);

function byName(record: SendRequestRecord, recipients: readonly Recipient[], asked: readonly Correction[], earlier: Earlier): Chosen {
  const list = named(recipients, asked);
  if (!Array.isArray(list)) return list;
  const resentAs = resentAsOf(record, recipients);
  const repeats = new Set(
    list.map(({ recipient, to }) => (resentAs(recipient) === undefined ? undefined : earlier.find((one) => isSame(one, to))?.as)),
  );
  const [as] = repeats;
  if (repeats.size === 1 && as !== undefined) return { kind: 'before', as };
  const mailed = new Map(earlier.map((one) => [addressKey(one.address), one.as]));
  for (const { recipient, to } of list) {
    const again = resentAs(recipient) ?? mailed.get(addressKey(to.address));
    if (again !== undefined)
      return impossible(
        `The mail was sent again to ${shown(resentAs(recipient) ? recipient.address : to.address)} already, as ${again}. If that failed, send ${again} again.`,
      );
    if (!didNotGetIt(record, recipient, true)) {
      return impossible(
        `The send request is ${record.status}, and ${shown(recipient.address)} has not failed: ${outcomeOf(recipient)}. It may have the mail.`,
      );
    }
  }
  const chosen = list.map(({ to }) => to);
  return {
    kind: 'chosen',
    recipients: chosen,
    isWhole: chosen.length === recipients.length && chosen.every(({ replaces }) => replaces === undefined),
  };
}

/** `asked` is `all` if nobody says otherwise. `earlier` is needed only for a list, if the request was sent again before. */
export function chooseRecipients(
  record: SendRequestRecord,
  recipients: readonly Recipient[],
  asked: AskedRecipients,
  earlier: Earlier = [],
): Chosen {
  if (
    typeof asked === 'string' &&
    record.resentAs !== undefined &&
    recipients.every((one) => resentAsOf(record, recipients)(one) !== undefined)
  ) {
    return { kind: 'before', as: record.resentAs };
  }
  const why = whyNotNow(record, asked);
  if (why !== undefined) return impossible(why);
  return typeof asked === 'string' ? byWord(record, recipients, asked) : byName(record, recipients, asked, earlier);
}

/** Names what is sent again, for a request's key: equal for the same recipients, in whatever order they were named. */
export const resendText = (id: string, recipients: readonly Recipient[]): string =>
  JSON.stringify([id, recipients.map(({ address, type, replaces }) => [address, type, replaces ?? null])]);

/** The recipients of the first send request, with those noted that the new one covers. */
export function withResent(recipients: readonly Recipient[], sentTo: readonly Recipient[], as: string): Recipient[] {
  const covered = new Set(sentTo.map(({ address, replaces }) => addressKey(replaces ?? address)));
  return recipients.map((recipient) => (covered.has(addressKey(recipient.address)) ? { ...recipient, resentAs: as } : recipient));
}
