// What became of a recipient, and how that is known, in words.
import type { RecipientView } from '../api/send-request.ts';
import type { Tone } from './states.ts';

export interface OutcomeWords {
  name: string;
  tone: Tone;
}

const ACTIONS: Readonly<Record<string, OutcomeWords>> = {
  failed: { name: 'Not delivered', tone: 'bad' },
  delayed: { name: 'Delayed', tone: 'open' },
  delivered: { name: 'Delivered', tone: 'good' },
  relayed: { name: 'Handed to another server', tone: 'good' },
  expanded: { name: 'Delivered to a list', tone: 'good' },
  quarantined: { name: 'In quarantine', tone: 'bad' },
  filteredAsSpam: { name: 'Filtered as spam', tone: 'bad' },
};

const EVIDENCES: Readonly<Record<string, string>> = {
  exchangeReport: 'A report of Exchange itself says so.',
  mail: 'A mail that looks like a report says so. Anybody can write such a mail.',
  messageTrace: "Exchange's message trace says so.",
  inferred: 'A report named an address that this mail does not have, and only this recipient was open.',
};

const own = <T>(rows: Readonly<Record<string, T>>, key: string): T | undefined => (Object.hasOwn(rows, key) ? rows[key] : undefined);

/** No report is the usual case of a mail that arrived: Exchange reports failures only. */
export function outcomeOf({ action, disposition }: RecipientView): OutcomeWords {
  if (disposition === 'displayed') return { name: 'Read', tone: 'good' };
  if (action === undefined) return { name: 'Nothing reported', tone: 'quiet' };
  return own(ACTIONS, action) ?? { name: action, tone: 'quiet' };
}

export function evidenceInWords({ action, evidence }: RecipientView): string {
  if (action === undefined) return 'Exchange reports failures only. Without a report a mail has usually arrived.';
  return own(EVIDENCES, evidence ?? '') ?? 'The log does not say how this is known.';
}

export const isFailed = ({ action }: RecipientView): boolean => action === 'failed';
