// Writes a zip file: names and bytes in, one archive out; the same files always make the same bytes. PKWARE APPNOTE 4.3, without zip64.
import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipEntry {
  /** With forward slashes. */
  name: string;
  bytes: Uint8Array;
}

const VERSION = 20;
const DEFLATED = 8;
const UTF8_NAMES = 0x0800;
/** 1980-01-01, the first day of the format's calendar: a build must not depend on its time. */
const DATE = 0x0021;
/** A regular file that its owner writes and everybody reads, as on Unix. */
const MADE_ON_UNIX = (3 << 8) | VERSION;
const ATTRIBUTES = (0o100644 << 16) >>> 0;

function fields(...values: readonly [size: 2 | 4, value: number][]): Buffer {
  const buffer = Buffer.alloc(values.reduce((sum, [size]) => sum + size, 0));
  let offset = 0;
  for (const [size, value] of values) offset = size === 2 ? buffer.writeUInt16LE(value, offset) : buffer.writeUInt32LE(value, offset);
  return buffer;
}

/** What the header before the data and the entry of the directory have in common. */
const description = ({ bytes }: ZipEntry, name: Buffer, compressed: Buffer): Buffer =>
  fields(
    [2, VERSION],
    [2, UTF8_NAMES],
    [2, DEFLATED],
    [2, 0],
    [2, DATE],
    [4, crc32(bytes)],
    [4, compressed.length],
    [4, bytes.length],
    [2, name.length],
    [2, 0],
  );

export function zip(entries: readonly ZipEntry[]): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const name = Buffer.from(entry.name);
    const compressed = deflateRawSync(entry.bytes, { level: 9 });
    const about = description(entry, name, compressed);
    const file = [fields([4, 0x04034b50]), about, name, compressed];
    directory.push(fields([4, 0x02014b50], [2, MADE_ON_UNIX]), about, fields([2, 0], [2, 0], [2, 0], [4, ATTRIBUTES], [4, offset]), name);
    files.push(...file);
    offset += file.reduce((sum, part) => sum + part.length, 0);
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  const end = fields([4, 0x06054b50], [2, 0], [2, 0], [2, entries.length], [2, entries.length], [4, size], [4, offset], [2, 0]);
  return Buffer.concat([...files, ...directory, end]);
}
