// A send request as the page shows it. Only id and mailbox are sure to be there.
import { asList, asNumber, asObject, asText, type Json } from './reading.ts';

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
  /** Of a resend: the recipient of the first mail whose address was corrected. */
  replaces?: string | undefined;
  /** The send request that sends the mail to this recipient again. */
  resentAs?: string | undefined;
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
  const json = asObject(value);
  return {
    address: asText(json['address']) ?? '(no address)',
    type: asText(json['type']) ?? 'to',
    action: asText(json['action']),
    status: asText(json['status']),
    diagnosticCode: asText(json['diagnosticCode']),
    remoteMta: asText(json['remoteMta']),
    disposition: asText(json['disposition']),
    reportedDateTime: asText(json['reportedDateTime']),
    evidence: asText(json['evidence']),
    replaces: asText(json['replaces']),
    resentAs: asText(json['resentAs']),
  };
}

function eventOf(value: unknown): EventView {
  const json = asObject(value);
  return {
    type: asText(json['type']) ?? 'unknown',
    dateTime: asText(json['dateTime']) ?? '',
    attempt: asNumber(json['attempt']),
    recipient: asText(json['recipient']),
    detail: asText(json['detail']),
  };
}

const countsOf = (value: unknown): Record<string, number> =>
  Object.fromEntries(Object.entries(asObject(value)).filter((entry): entry is [string, number] => asNumber(entry[1]) !== undefined));

function errorOf(value: unknown): SendRequestView['error'] {
  const json = asObject(value);
  const message = asText(json['message']);
  return message === undefined ? undefined : { code: asText(json['code']) ?? '', message };
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
  const json: Json = asObject(value);
  const texts = Object.fromEntries(TEXTS.map((name) => [name, asText(json[name])])) as Record<(typeof TEXTS)[number], string | undefined>;
  return {
    ...texts,
    id: asText(json['id']) ?? '',
    mailbox: asText(json['mailbox']) ?? '',
    status: asText(json['status']) ?? 'unknown',
    attempts: asNumber(json['attempts']) ?? 0,
    counts: countsOf(json['recipientCounts']),
    recipients: asList(json['recipients']).map(recipientOf),
    events: asList(json['events']).map(eventOf),
    error: errorOf(json['error']),
  };
}

const tokenOf = (link: string | undefined): string | undefined =>
  link !== undefined && URL.canParse(link) ? (new URL(link).searchParams.get('$skiptoken') ?? undefined) : undefined;

export function pageOf(value: unknown): PageOfRequests {
  const json = asObject(value);
  return { requests: asList(json['value']).map(sendRequestOf), next: tokenOf(asText(json['@odata.nextLink'])) };
}
