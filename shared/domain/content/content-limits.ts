// How much of everything one mail may have, with the error of each: the HTTP API refuses by these, and the worker reads by the same.
import { type Problem, problems } from './problem.ts';

/** Exchange Online takes as many of each (https://learn.microsoft.com/office365/servicedescriptions/exchange-online-service-description/exchange-online-limits, message limits). */
export const MAXIMUM_ATTACHMENTS = 250;
export const MAXIMUM_MIME_PARTS = 250;
export const MAXIMUM_HEADER_BYTES = 256 * 1024;

/** Multiparts within multiparts. Mailers nest four or five. */
export const MAXIMUM_MIME_DEPTH = 100;

/** RFC 2046 section 5.1.1 allows 70; some mailers write longer ones. */
export const MAXIMUM_BOUNDARY = 200;

/** Deeper than any real message, nested item attachments included, and shallow enough for a parser's stack. */
export const MAXIMUM_JSON_DEPTH = 100;

/** Five times as many as a mail to 1,000 recipients with 250 attachments has. Each takes a hundred bytes of memory or so. */
export const MAXIMUM_JSON_VALUES = 30_000;

/** A body may unpack to so many times its size. Text shrinks to a twentieth at best; only what is made of one pattern shrinks more. */
export const MAXIMUM_UNPACKED_RATIO = 100;
/** A body that unpacks to no more than this may have any ratio. */
const SMALL_UNPACKED_BYTES = 1024 * 1024;

/** Bytes to which a packed body may unpack, if `limit` holds for a body that is not packed. */
export const unpackedLimit = (packed: number, limit: number): number =>
  Math.min(limit, Math.max(SMALL_UNPACKED_BYTES, packed * MAXIMUM_UNPACKED_RATIO));

const tooLarge = (message: string): Problem => ({ status: 413, code: 'ErrorMessageSizeExceeded', message });

export const contentProblems = {
  attachments: (count: number): Problem =>
    tooLarge(`The message has ${count} attachments; Exchange Online takes at most ${MAXIMUM_ATTACHMENTS}. Send several mails instead.`),
  mimeParts: (): Problem =>
    tooLarge(`The MIME message has more than ${MAXIMUM_MIME_PARTS} parts, the limit of Exchange Online. Send several mails instead.`),
  mimeDepth: (): Problem => problems.mimeInvalid(`Its multiparts are nested deeper than ${MAXIMUM_MIME_DEPTH} levels.`),
  headerBytes: (): Problem => problems.mimeInvalid(`Its header is larger than ${MAXIMUM_HEADER_BYTES} bytes.`),
  jsonDepth: (): Problem => problems.bodyUnreadable(`The JSON is nested deeper than ${MAXIMUM_JSON_DEPTH} levels.`),
  jsonValues: (): Problem => problems.bodyUnreadable(`The JSON has more than ${MAXIMUM_JSON_VALUES} values.`),
  unpacked: (limit: number): Problem =>
    tooLarge(
      `The body unpacks to more than ${limit} bytes, ${MAXIMUM_UNPACKED_RATIO} times its packed size. Send it without Content-Encoding.`,
    ),
  memory: (): Problem => tooLarge('Reading the message takes more memory than one message may use. Send a simpler or smaller one.'),
};
