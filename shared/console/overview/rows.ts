// What the overview counts: what waits and why, and what needs somebody.
import type { CountRow } from './counts.tsx';

const HOUR = 3_600_000;

export const WAITING_ROWS: readonly CountRow[] = [
  {
    name: 'Queued',
    words: 'Waits for its first attempt: behind other mail of its mailbox, or for its Send-At.',
    search: { status: 'queued' },
    tone: 'open',
  },
  { name: 'Submitting', words: 'A worker is giving it to Graph.', search: { status: 'submitting' }, tone: 'open' },
  {
    name: 'Deferred',
    words: 'Graph asked to come later, an attempt failed, or a pause holds it.',
    search: { status: 'deferred' },
    tone: 'open',
  },
  { name: 'In doubt', words: 'The mailbox is searched for it before it is tried again.', search: { status: 'inDoubt' }, tone: 'doubt' },
];

/** `now`: milliseconds since 1970. */
export function attentionRows(now: number): readonly CountRow[] {
  const ago = (hours: number) => new Date(now - hours * HOUR).toISOString().replace(/\.\d+/, '');
  return [
    {
      name: 'Unaccounted',
      words: 'It may have been sent. Look before you send it again.',
      search: { status: 'unaccounted' },
      tone: 'doubt',
    },
    {
      name: 'Dead-lettered',
      words: 'The queue has given it up. Send it again when the cause is mended.',
      search: { status: 'deadLettered' },
      tone: 'bad',
    },
    {
      name: 'Long in doubt',
      words: 'In doubt, and accepted more than an hour ago.',
      search: { status: 'inDoubt', until: ago(1) },
      tone: 'doubt',
    },
    {
      name: 'Some recipient failed',
      words: 'In the last day. Send it again to a corrected address.',
      search: { failures: 'yes', from: ago(24) },
      tone: 'bad',
    },
    {
      name: 'Rejected',
      words: 'In the last day. Graph refuses the mail itself.',
      search: { status: 'rejected', from: ago(24) },
      tone: 'bad',
    },
    { name: 'Expired', words: 'In the last day. It could not be sent in time.', search: { status: 'expired', from: ago(24) }, tone: 'bad' },
  ];
}
