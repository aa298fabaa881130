// Reads and writes single sections with their exact AMQP types, for what the broker adds or changes.
import { type Typed, type TypedList, types } from './rhea-internals.ts';

export function readTyped(bytes: Uint8Array): TypedList {
  return new types.Reader(bytes).read() as TypedList;
}

export function writeTyped(value: Typed): Buffer {
  const writer = new types.Writer();
  writer.write(value);
  return writer.toBuffer();
}

/** A described list or map section. */
export function section(code: number, value: Typed): Buffer {
  return writeTyped(types.described_nc(types.wrap_ulong(code), value));
}

/** The pairs of a map section; empty bytes are an empty map. */
export function readPairs(bytes: Uint8Array): Map<string, [Typed, Typed]> {
  const pairs = new Map<string, [Typed, Typed]>();
  if (bytes.length === 0) return pairs;
  const items = readTyped(bytes).value;
  for (let i = 0; i + 1 < items.length; i += 2) pairs.set(String(items[i]!.value), [items[i]!, items[i + 1]!]);
  return pairs;
}

export function writePairs(code: number, pairs: Map<string, [Typed, Typed]>): Buffer {
  return section(code, types.Map32([...pairs.values()].flat()));
}
