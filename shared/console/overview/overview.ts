// The overview of the API as the page shows it: what waits and why, and what needs a person.
import { asList, asNumber, asObject, asText } from '../api/reading.ts';
import { type SendRequestView, sendRequestOf } from '../api/send-request.ts';
import type { Search } from '../search/fields.ts';
import type { Tone } from '../words/states.ts';

export interface WaitingRow {
  status: string;
  reason: string;
  count: number;
}

export interface AttentionCard {
  kind: string;
  name: string;
  /** What to do. */
  advice: string;
  tone: Tone;
  count: number;
  /** There may be more. */
  isMore: boolean;
  /** Finds all of them; absent: the page does not know this kind. */
  search?: Search | undefined;
  examples: readonly SendRequestView[];
}

export interface OverviewData {
  waiting: { rows: readonly WaitingRow[]; isMore: boolean };
  attention: readonly AttentionCard[];
  /** Mailboxes that cannot be read: no copy and no report is seen there. */
  unreadable: { count: number; examples: readonly { mailbox: string; error: string }[] };
}

type Kind = Pick<AttentionCard, 'name' | 'advice' | 'tone' | 'search'>;

const KINDS: Readonly<Record<string, Kind>> = {
  unaccounted: {
    name: 'Unaccounted',
    advice: 'It may have been sent. Look in Sent Items before you send it again.',
    tone: 'doubt',
    search: { status: 'unaccounted' },
  },
  deadLettered: {
    name: 'Dead-lettered',
    advice: 'The queue has given it up. Send it again when the cause is mended.',
    tone: 'bad',
    search: { status: 'deadLettered' },
  },
  longInDoubt: {
    name: 'Long in doubt',
    advice: 'In doubt for more than an hour: find out why the mailbox cannot be searched.',
    tone: 'doubt',
    search: { status: 'inDoubt' },
  },
  partlyFailed: {
    name: 'Some recipient failed',
    advice: 'Send it again to those whom it did not reach, or to a corrected address.',
    tone: 'bad',
    search: { failures: 'yes' },
  },
};

function cardOf(value: unknown): AttentionCard {
  const json = asObject(value);
  const kind = asText(json['kind']) ?? '';
  const unknown: Kind = { name: asText(json['meaning']) ?? kind, advice: '', tone: 'doubt' };
  return {
    kind,
    ...(Object.hasOwn(KINDS, kind) ? (KINDS[kind] as Kind) : unknown),
    count: asNumber(json['count']) ?? 0,
    isMore: json['isMore'] === true,
    examples: asList(json['examples']).map(sendRequestOf),
  };
}

function waitingOf(value: unknown): WaitingRow {
  const json = asObject(value);
  return { status: asText(json['status']) ?? 'unknown', reason: asText(json['reason']) ?? 'turn', count: asNumber(json['count']) ?? 0 };
}

export function overviewOf(value: unknown): OverviewData {
  const json = asObject(value);
  const waiting = asObject(json['waiting']);
  const unreadable = asObject(json['unreadable']);
  return {
    waiting: { rows: asList(waiting['counts']).map(waitingOf), isMore: waiting['isMore'] === true },
    attention: asList(json['attention']).map(cardOf),
    unreadable: {
      count: asNumber(unreadable['count']) ?? 0,
      examples: asList(unreadable['examples']).map((one) => ({
        mailbox: asText(asObject(one)['mailbox']) ?? '',
        error: asText(asObject(one)['error']) ?? '',
      })),
    },
  };
}

const REASONS: Readonly<Record<string, string>> = {
  turn: 'its turn',
  sendAt: 'the time that the application wishes (Send-At)',
  'limit:messagesPerMinute': 'the limit of mails a minute',
  'limit:recipientsPerDay': 'the limit of recipients a day',
  'limit:applicationMessagesPerMinute': "the application's limit of mails a minute",
  'limit:applicationRecipientsPerDay': "the application's limit of recipients a day",
  'limit:tenantExternalRecipientsPerDay': "the tenant's limit of external recipients a day",
};

/** Why a mail waits: its turn, a pause, or what the last attempt was told. */
export function reasonInWords(reason: string): string {
  if (Object.hasOwn(REASONS, reason)) return REASONS[reason] as string;
  return /^(everything|tenant|(mailbox|application|account):)/.test(reason) ? `a pause: ${reason}` : `after ${reason}`;
}
