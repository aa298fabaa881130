// Splits an encoded message into its sections without decoding them (AMQP 1.0, part 3, section 3.2).
import { BrokerError, conditions } from '../core/errors.ts';

export const sectionCodes = {
  header: 0x70,
  deliveryAnnotations: 0x71,
  messageAnnotations: 0x72,
  properties: 0x73,
  applicationProperties: 0x74,
  data: 0x75,
  footer: 0x78,
} as const;

export interface Section {
  readonly code: number;
  readonly bytes: Buffer;
  /** Where the value's constructor starts within `bytes`. */
  readonly valueAt: number;
}

export function splitSections(message: Buffer): Section[] {
  const sections: Section[] = [];
  for (let start = 0; start < message.length; ) {
    const { code, valueAt } = readDescriptor(message, start);
    const end = valueAt + valueLength(message, valueAt);
    if (end > message.length) throw broken('A section is longer than the message.');
    sections.push({ code, bytes: message.subarray(start, end), valueAt: valueAt - start });
    start = end;
  }
  return sections;
}

/** The content of a data section. */
export function dataOf(section: Section): Buffer {
  const { bytes, valueAt } = section;
  if (bytes[valueAt] === 0xa0) return bytes.subarray(valueAt + 2);
  if (bytes[valueAt] === 0xb0) return bytes.subarray(valueAt + 5);
  throw broken('A data section holds no binary.');
}

function readDescriptor(message: Buffer, start: number): { code: number; valueAt: number } {
  const type = message[start + 1];
  if (message[start] !== 0 || type === undefined) throw broken('A message section has no descriptor.');
  if (type === 0x53) return { code: message[start + 2] ?? 0, valueAt: start + 3 };
  if (type === 0x80 && start + 10 <= message.length) return { code: Number(message.readBigUInt64BE(start + 2)), valueAt: start + 10 };
  throw broken('A message section has a descriptor that is not understood.');
}

/** Encoded length of a value including its constructor (AMQP 1.0, part 1, section 1.2). */
function valueLength(message: Buffer, at: number): number {
  const typeCode = message[at];
  if (typeCode === undefined) throw broken('A message section has no value.');
  if (typeCode === 0) {
    const descriptor = 1 + valueLength(message, at + 1);
    return descriptor + valueLength(message, at + descriptor);
  }
  const category = typeCode >>> 4;
  if (category < 0x4) throw broken(`Type code ${typeCode} is not understood.`);
  if (category < 0xa) return 1 + [0, 1, 2, 4, 8, 16][category - 0x4]!;
  const oneByteSize = category % 2 === 0;
  if (at + (oneByteSize ? 2 : 5) > message.length) throw broken('A message ends within a value.');
  return oneByteSize ? 2 + message.readUInt8(at + 1) : 5 + message.readUInt32BE(at + 1);
}

function broken(text: string): BrokerError {
  return new BrokerError(conditions.decode, text);
}
