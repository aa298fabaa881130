// Which decoder reads the body of which operation, in JSON and in MIME.
import { isDraftOnly, OPERATION_TABLE, type Operation, type OperationBody } from '../operations.ts';
import { answerDecoder } from './decode-answer.ts';
import { decodeDraft } from './decode-draft.ts';
import { decodeMimeMessage } from './decode-mime.ts';
import { decodeSendMail } from './decode-send-mail.ts';
import type { Decoded, RecipientCheck } from './decoded.ts';
import { type Checked, ok, problems, refused } from './problem.ts';
import { whyNotApart } from './take-apart.ts';

type Decode = (body: Uint8Array, recipientLimit: number) => Checked<Decoded>;

/** Clients that always send a body send an empty object, or null. */
const NOTHING = ['', '{}', 'null'];

const decodeNothing: Decode = (body) =>
  body.length <= 100 && NOTHING.includes(new TextDecoder().decode(body).replace(/\s/g, ''))
    ? ok({ content: new Uint8Array(), size: { bytes: 0, inParts: false }, recipients: [], saveToSentItems: true })
    : refused(problems.unexpectedBody('send'));

const JSON_DECODERS: Record<OperationBody, (operation: Operation) => Decode> = {
  sendMail: () => decodeSendMail,
  message: () => decodeDraft,
  reply: answerDecoder,
  forward: answerDecoder,
  none: () => decodeNothing,
};

/** A reply in MIME goes to whom the original says, whatever its own header says (https://learn.microsoft.com/graph/api/message-reply). */
function mimeRecipients(operation: Operation): RecipientCheck | 'ofOriginal' {
  if (OPERATION_TABLE[operation].recipients !== 'own') return 'ofOriginal';
  return isDraftOnly(operation) ? 'unchecked' : 'needed';
}

export function decodeOperation(operation: Operation, format: 'json' | 'mime', body: Uint8Array, recipientLimit: number): Checked<Decoded> {
  const kind = OPERATION_TABLE[operation].body;
  if (format === 'json' || kind === 'none') return JSON_DECODERS[kind](operation)(body, recipientLimit);
  return decodeMimeMessage(body, recipientLimit, mimeRecipients(operation));
}

/** The arguments of a decoder. All of them can be passed to another thread. */
export interface DecodeOrder {
  operation: Operation;
  format: 'json' | 'mime';
  body: Uint8Array;
  recipientLimit: number;
}

/** Like decodeOperation. It also checks that large MIME can be divided, in the way in which the worker does it. */
export async function decodeMail({ operation, format, body, recipientLimit }: DecodeOrder): Promise<Checked<Decoded>> {
  const decoded = decodeOperation(operation, format, body, recipientLimit);
  if (!decoded.ok || format !== 'mime' || !decoded.value.size.inParts) return decoded;
  const problem = await whyNotApart(decoded.value.content);
  return problem ? ok({ ...decoded.value, size: { ...decoded.value.size, problem } }) : decoded;
}
