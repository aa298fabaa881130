// Writes a zip file: names and bytes in, one archive out; the same files always make the same bytes.
import { zipSync } from 'fflate';

export interface ZipEntry {
  /** With forward slashes. */
  name: string;
  bytes: Uint8Array;
}

/** The first day of the format's calendar, in local time as the format has it: a build must not depend on its time. */
const firstDay = (): Date => new Date(1980, 0, 1);
const UNIX = 3;
/** A regular file that its owner writes and everybody reads, as on Unix. */
const ATTRIBUTES = (0o100644 << 16) >>> 0;

export function zip(entries: readonly ZipEntry[]): Buffer {
  const files = Object.fromEntries(entries.map(({ name, bytes }) => [name, bytes]));
  return Buffer.from(zipSync(files, { level: 9, mtime: firstDay(), os: UNIX, attrs: ATTRIBUTES }));
}
