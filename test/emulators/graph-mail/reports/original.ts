// What a report says of the mail that it reports on.
import PostalMime from 'postal-mime';
import { headerValue, splitMessage } from '../mime/header-block.ts';
import { part } from './parts.ts';
import type { PlannedReport } from './reports.ts';

export interface ReportInput {
  readonly report: PlannedReport;
  /** As it was handed on. */
  readonly original: Buffer;
  /** Whom the report is for: the From of the mail. */
  readonly sender: string;
  readonly now: number;
}

export interface ComposedReport {
  readonly mime: Buffer;
  readonly itemClass: string;
}

export interface OriginalFacts {
  readonly subject: string;
  readonly messageId: string;
  readonly threadIndex: string;
  readonly isSmime: boolean;
  readonly header: string;
}

/** Exchange doesn't return a large mail whole; its header says enough. */
const largestReturned = 2 * 1024 * 1024;

export function returnedPart(original: Buffer): Buffer {
  if (original.length <= largestReturned) return part('message/rfc822', original);
  return part(
    'text/rfc822-headers',
    splitMessage(original)
      .fields.map(({ raw }) => raw)
      .join(''),
  );
}

export async function factsOf(original: Buffer): Promise<OriginalFacts> {
  const message = splitMessage(original);
  const parsed = await PostalMime.parse(
    Buffer.concat([Buffer.from(message.fields.map(({ raw }) => raw).join(''), 'latin1'), Buffer.from('\r\n')]),
  );
  const type = headerValue(message, 'Content-Type') ?? '';
  return {
    subject: parsed.subject ?? '',
    messageId: headerValue(message, 'Message-ID') ?? '',
    threadIndex: headerValue(message, 'Thread-Index') ?? '',
    isSmime: /pkcs7|multipart\/signed/i.test(type),
    header: message.fields.map(({ raw }) => raw).join(''),
  };
}
