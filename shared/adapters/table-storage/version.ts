// The version of a record as it is given out: its ETag, the key of its row in the agenda, which the next write replaces, and how many of its changes were told.

export interface Version {
  etag: string;
  agenda: string;
  /** Changes that have put events into the outbox; 0 if there are no events. */
  told: number;
}

/** No ETag has a line break in it. */
const SEPARATOR = '\n';

export const versionText = ({ etag, agenda, told }: Version): string =>
  told > 0 ? [etag, agenda, told].join(SEPARATOR) : agenda ? `${etag}${SEPARATOR}${agenda}` : etag;

export function readVersion(text: string): Version {
  const [etag = '', agenda = '', told = '0'] = text.split(SEPARATOR);
  return { etag, agenda, told: Number(told) };
}

/** Of the record's row. Rows of versions without an agenda or without events name none. */
export const versionOf = (row: { etag: string; [property: string]: unknown }): Version => ({
  etag: row.etag,
  agenda: typeof row['agenda'] === 'string' ? row['agenda'] : '',
  told: typeof row['told'] === 'number' ? row['told'] : 0,
});
