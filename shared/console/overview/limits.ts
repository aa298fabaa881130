// What is left of Exchange's limits, as the page shows it.
import { asList, asNumber, asObject, asText } from '../api/reading.ts';

export interface LimitLine {
  name: string;
  limit: number;
  used: number;
  left: number;
  /** If nothing is left: when something is. */
  returns?: string | undefined;
}

export interface MailboxLimitsLine {
  mailbox: string;
  limits: readonly LimitLine[];
}

export interface LimitsData {
  /** False: nothing is counted. */
  counted: boolean;
  tenant: LimitLine | undefined;
  mailboxes: readonly MailboxLimitsLine[];
}

const NAMES: Readonly<Record<string, string>> = {
  messagesPerMinute: 'Mails a minute',
  recipientsPerDay: 'Recipients a day',
  externalRecipientsPerDay: 'External recipients a day',
};

function lineOf(of: unknown, key: string): LimitLine[] {
  const json = asObject(asObject(of)[key]);
  const limit = asNumber(json['limit']);
  if (limit === undefined) return [];
  const returns = asText(json['returnsDateTime']);
  const line = { name: NAMES[key] as string, limit, used: asNumber(json['used']) ?? 0, left: asNumber(json['left']) ?? 0 };
  return [returns === undefined ? line : { ...line, returns }];
}

export function limitsData(value: unknown): LimitsData {
  const json = asObject(value);
  return {
    counted: json['counted'] !== false,
    tenant: lineOf(json['tenant'], 'externalRecipientsPerDay')[0],
    mailboxes: asList(json['value']).map((one) => ({
      mailbox: asText(asObject(one)['mailbox']) ?? '',
      limits: ['messagesPerMinute', 'recipientsPerDay'].flatMap((key) => lineOf(one, key)),
    })),
  };
}

const shareLeft = ({ limits }: MailboxLimitsLine): number => Math.min(1, ...limits.map(({ left, limit }) => left / Math.max(1, limit)));

export const mostUsedFirst = (lines: readonly MailboxLimitsLine[]): MailboxLimitsLine[] =>
  [...lines].sort((one, other) => shareLeft(one) - shareLeft(other));

export const limitInWords = ({ used, limit, left }: LimitLine): string => `${used} of ${limit} used, ${left} left`;
