// The version of a record as it is given out: its ETag, the keys of its rows that the next write replaces, and how many of its changes were told.

export interface Version {
  etag: string;
  /** Of its row in the agenda; empty if it has none. */
  agenda: string;
  /** Of its row in the order of changes; empty if an earlier version wrote it last. */
  changed: string;
  /** Changes that have put events into the outbox; 0 if there are no events. */
  told: number;
}

/** No ETag and no key has a line break in it. */
const SEPARATOR = '\n';

export const versionText = ({ etag, agenda, changed, told }: Version): string => [etag, agenda, changed, told].join(SEPARATOR);

export function readVersion(text: string): Version {
  const [etag = '', agenda = '', changed = '', told = '0'] = text.split(SEPARATOR);
  return { etag, agenda, changed, told: Number(told) };
}

const keyIn = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Of the record's row. Rows of earlier versions do not name them all. */
export const versionOf = (row: { etag: string; [property: string]: unknown }): Version => ({
  etag: row.etag,
  agenda: keyIn(row['agenda']),
  changed: keyIn(row['changed']),
  told: typeof row['told'] === 'number' ? row['told'] : 0,
});
