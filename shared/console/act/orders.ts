// The orders that the page gives to the API, and what the answers say.

import { isResendable, type State } from '../../domain/log/lifecycle.ts';
import { asList, asNumber, asObject, asText } from '../api/reading.ts';
import type { SendRequestView } from '../api/send-request.ts';
import { isFailed } from '../words/recipients.ts';

export type Verb = 'cancel' | 'resend';

/** Which recipients get the mail again. */
export type ResendChoice = 'failed' | 'all' | { address: string; replaces: string };

export const resendOrder = (choice: ResendChoice) => ({ recipients: typeof choice === 'string' ? choice : [choice] });

/** States before the claim: nothing has left. */
export const mayCancel = ({ status }: SendRequestView): boolean => status === 'queued' || status === 'deferred';

/** Those whom the mail did not reach, and to whom it was not sent again yet. */
export const stillFailed = ({ recipients }: SendRequestView) => recipients.filter((one) => isFailed(one) && one.resentAs === undefined);

/** A mail that some recipients have got can be sent again to those that it did not reach. */
export const mayResend = (request: SendRequestView): boolean =>
  (request.resentAs === undefined && isResendable(request.status as State)) || stillFailed(request).length > 0;

export interface BulkPreview {
  matched: number;
  /** Where those begin that one call does not take; undefined: there are no more. */
  next?: string | undefined;
  /** Of the dry run: for how many of them it is possible. */
  possible: number;
  /** Left to a person: what is known of them rests on mails that only look like reports. */
  leftOut: number;
  done: number;
  each: readonly { id: string; mailbox: string; status: string; detail?: string | undefined }[];
}

export function bulkOf(value: unknown): BulkPreview {
  const json = asObject(value);
  return {
    matched: asNumber(json['matched']) ?? 0,
    next: asText(json['next']),
    possible: asList(json['value']).filter((one) => asObject(one)['possible'] !== false).length,
    leftOut: asNumber(json['leftOut']) ?? 0,
    done: asNumber(json['done']) ?? 0,
    each: asList(json['value']).map((one) => {
      const row = asObject(one);
      return {
        id: asText(row['id']) ?? '',
        mailbox: asText(row['mailbox']) ?? '',
        status: asText(row['status']) ?? '',
        detail: asText(row['detail']),
      };
    }),
  };
}

const mails = (count: number): string => `${count} ${count === 1 ? 'send request' : 'send requests'}`;

export function previewInWords(verb: Verb, { matched, possible, next, leftOut }: BulkPreview): string {
  const does = verb === 'cancel' ? 'cancel' : 'send again';
  const first = possible === 0 ? `There is nothing to ${does}.` : `It would ${does} ${mails(possible)}.`;
  const impossible = matched > possible ? ` For ${mails(matched - possible)} it is not possible.` : '';
  const rest = next === undefined ? '' : ' There are more after these.';
  const left = leftOut > 0 ? ` ${mails(leftOut)} ${leftOut === 1 ? 'is' : 'are'} left out: decide on each by itself.` : '';
  return first + impossible + rest + left;
}

export function doneInWords(verb: Verb, { matched, done, next }: BulkPreview): string {
  const past = verb === 'cancel' ? 'cancelled' : 'sent again';
  const others = matched > done ? ` For ${mails(matched - done)} nothing was done: it was not possible, or no longer.` : '';
  return `${mails(done)} ${past}.${others}${next === undefined ? '' : ' There are more: do it again.'}`;
}
