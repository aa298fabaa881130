// Journal records as JSON: bytes become base64.
import type { JournalRecord } from '../core/journal.ts';
import type { MessageContent } from '../core/message.ts';

type Json = Record<string, unknown>;

export function recordToJson(record: JournalRecord): unknown {
  if (record.op === 'put') return { ...record, message: { ...record.message, content: eachPart(record.message.content, toBase64) } };
  if (record.op === 'sessionState') return { ...record, state: record.state && toBase64(record.state) };
  return record;
}

export function recordFromJson(json: unknown): JournalRecord {
  const record = json as Json & { op: string };
  if (record.op === 'put') {
    const message = record['message'] as Json;
    const content = eachPart(message['content'] as Json, (text) => Buffer.from(text as string, 'base64'));
    return { ...record, message: { ...message, content: content as unknown as MessageContent } } as unknown as JournalRecord;
  }
  if (record.op === 'sessionState' && record['state'] !== undefined) {
    return { ...record, state: Buffer.from(record['state'] as string, 'base64') } as unknown as JournalRecord;
  }
  return record as unknown as JournalRecord;
}

function toBase64(bytes: unknown): string {
  return Buffer.from(bytes as Uint8Array).toString('base64');
}

function eachPart(content: object, convert: (part: unknown) => unknown): Json {
  return Object.fromEntries(Object.entries(content).map(([name, part]) => [name, convert(part)]));
}
