// The version of a record as it is given out: its ETag, and the key of its row in the agenda, which the next write replaces.

export interface Version {
  etag: string;
  agenda: string;
}

/** No ETag has a line break in it. */
const SEPARATOR = '\n';

export const versionText = ({ etag, agenda }: Version): string => (agenda ? `${etag}${SEPARATOR}${agenda}` : etag);

export function readVersion(text: string): Version {
  const [etag = '', agenda = ''] = text.split(SEPARATOR);
  return { etag, agenda };
}

/** Of the record's row. Rows of versions without an agenda name none. */
export const versionOf = (row: { etag: string; [property: string]: unknown }): Version => ({
  etag: row.etag,
  agenda: typeof row['agenda'] === 'string' ? row['agenda'] : '',
});
