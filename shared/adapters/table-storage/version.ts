// The version of a record as it is given out: its ETag, and the keys of its rows that the next write replaces.

export interface Version {
  etag: string;
  /** Of its row in the agenda; empty if it has none. */
  agenda: string;
  /** Of its row in the order of changes; empty if an earlier version wrote it last. */
  changed: string;
}

/** No ETag and no key has a line break in it. */
const SEPARATOR = '\n';

export const versionText = ({ etag, agenda, changed }: Version): string => [etag, agenda, changed].join(SEPARATOR);

export function readVersion(text: string): Version {
  const [etag = '', agenda = '', changed = ''] = text.split(SEPARATOR);
  return { etag, agenda, changed };
}

const keyIn = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Of the record's row. Rows of earlier versions do not name them all. */
export const versionOf = (row: { etag: string; [property: string]: unknown }): Version => ({
  etag: row.etag,
  agenda: keyIn(row['agenda']),
  changed: keyIn(row['changed']),
});
