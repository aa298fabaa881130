// A send request as the page shows it. Only id and mailbox are sure to be there.
import { type Json, listOf, numberOf, objectOf, textOf } from './reading.ts';

export interface RecipientView {
  address: string;
  type: string;
  action?: string | undefined;
  status?: string | undefined;
  diagnosticCode?: string | undefined;
  remoteMta?: string | undefined;
  disposition?: string | undefined;
  reportedDateTime?: string | undefined;
  evidence?: string | undefined;
}

export interface EventView {
  type: string;
  dateTime: string;
  attempt?: number | undefined;
  recipient?: string | undefined;
  detail?: string | undefined;
}

export interface SendRequestView {
  id: string;
  mailbox: string;
  status: string;
  operation?: string | undefined;
  application?: string | undefined;
  subject?: string | undefined;
  internetMessageId?: string | undefined;
  clientRequestId?: string | undefined;
  createdDateTime?: string | undefined;
  lastModifiedDateTime?: string | undefined;
  acceptedDateTime?: string | undefined;
  nextAttemptDateTime?: string | undefined;
  sendBefore?: string | undefined;
  reportWindowEnds?: string | undefined;
  redirectedTo?: string | undefined;
  resendOf?: string | undefined;
  resentAs?: string | undefined;
  attempts: number;
  counts: Readonly<Record<string, number>>;
  recipients: readonly RecipientView[];
  events: readonly EventView[];
  error?: { code: string; message: string } | undefined;
}

export interface PageOfRequests {
  requests: readonly SendRequestView[];
  /** The token of the next page. */
  next?: string | undefined;
}

function recipientOf(value: unknown): RecipientView {
  const json = objectOf(value);
  return {
    address: textOf(json['address']) ?? '(no address)',
    type: textOf(json['type']) ?? 'to',
    action: textOf(json['action']),
    status: textOf(json['status']),
    diagnosticCode: textOf(json['diagnosticCode']),
    remoteMta: textOf(json['remoteMta']),
    disposition: textOf(json['disposition']),
    reportedDateTime: textOf(json['reportedDateTime']),
    evidence: textOf(json['evidence']),
  };
}

function eventOf(value: unknown): EventView {
  const json = objectOf(value);
  return {
    type: textOf(json['type']) ?? 'unknown',
    dateTime: textOf(json['dateTime']) ?? '',
    attempt: numberOf(json['attempt']),
    recipient: textOf(json['recipient']),
    detail: textOf(json['detail']),
  };
}

const countsOf = (value: unknown): Record<string, number> =>
  Object.fromEntries(Object.entries(objectOf(value)).filter((entry): entry is [string, number] => numberOf(entry[1]) !== undefined));

function errorOf(value: unknown): SendRequestView['error'] {
  const json = objectOf(value);
  const message = textOf(json['message']);
  return message === undefined ? undefined : { code: textOf(json['code']) ?? '', message };
}

const TEXTS = [
  'operation',
  'application',
  'subject',
  'internetMessageId',
  'clientRequestId',
  'createdDateTime',
  'lastModifiedDateTime',
  'acceptedDateTime',
  'nextAttemptDateTime',
  'sendBefore',
  'reportWindowEnds',
  'redirectedTo',
  'resendOf',
  'resentAs',
] as const;

export function sendRequestOf(value: unknown): SendRequestView {
  const json: Json = objectOf(value);
  const texts = Object.fromEntries(TEXTS.map((name) => [name, textOf(json[name])])) as Record<(typeof TEXTS)[number], string | undefined>;
  return {
    ...texts,
    id: textOf(json['id']) ?? '',
    mailbox: textOf(json['mailbox']) ?? '',
    status: textOf(json['status']) ?? 'unknown',
    attempts: numberOf(json['attempts']) ?? 0,
    counts: countsOf(json['recipientCounts']),
    recipients: listOf(json['recipients']).map(recipientOf),
    events: listOf(json['events']).map(eventOf),
    error: errorOf(json['error']),
  };
}

const tokenOf = (link: string | undefined): string | undefined =>
  link !== undefined && URL.canParse(link) ? (new URL(link).searchParams.get('$skiptoken') ?? undefined) : undefined;

export function pageOf(value: unknown): PageOfRequests {
  const json = objectOf(value);
  return { requests: listOf(json['value']).map(sendRequestOf), next: tokenOf(textOf(json['@odata.nextLink'])) };
}
