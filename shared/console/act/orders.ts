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

/** A mail that some recipients have got can be sent again to those that have failed. */
export const mayResend = ({ status, recipients, resentAs }: SendRequestView): boolean =>
  resentAs === undefined && (isResendable(status as State) || recipients.some(isFailed));

export interface BulkPreview {
  matched: number;
  /** There are more than one call takes. */
  more: boolean;
  /** Left to a person: what is known of them rests on mails that only look like reports. */
  leftOut: number;
  done: number;
  each: readonly { id: string; mailbox: string; status: string; detail?: string | undefined }[];
}

export function bulkOf(value: unknown): BulkPreview {
  const json = asObject(value);
  return {
    matched: asNumber(json['matched']) ?? 0,
    more: json['more'] === true,
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

export function previewInWords(verb: Verb, { matched, more, leftOut }: BulkPreview): string {
  const first = matched === 0 ? `There is nothing to ${verb}.` : `It would ${verb} ${mails(matched)}.`;
  const rest = more ? ' There are more: do it again afterwards.' : '';
  const left = leftOut > 0 ? ` ${mails(leftOut)} ${leftOut === 1 ? 'is' : 'are'} left out: decide on each by itself.` : '';
  return first + rest + left;
}

export function doneInWords(verb: Verb, { matched, done, more }: BulkPreview): string {
  const past = verb === 'cancel' ? 'cancelled' : 'sent again';
  const others = matched > done ? ` ${mails(matched - done)} had changed meanwhile, and nothing was done.` : '';
  return `${mails(done)} ${past}.${others}${more ? ' There are more: do it again.' : ''}`;
}
