// The bytes that transport hands on: those submitted, without Bcc, with a Received line on top; never encoded anew.

import type { Effects } from '../faults/effects.ts';
import { changeHeader, headerValue, isNamed, splitMessage } from '../mime/header-block.ts';
import { newInternetMessageId } from '../store/ids.ts';

export interface Transported {
  readonly mime: Buffer;
  readonly internetMessageId: string;
}

export interface HandOnInput {
  readonly mime: Buffer;
  readonly internetMessageId: string;
  /** Set if the From header may not stay as it is. */
  readonly from: string | null;
  readonly to: readonly string[];
  readonly effects: Effects;
  readonly now: number;
}

function receivedLine(now: number): string {
  const host = 'AM0PR04MB0001.eurprd04.prod.outlook.com';
  return `from ${host} ([fe80::1]) by ${host} ([fe80::1%4]) with mapi id 15.20.0000.001; ${new Date(now).toUTCString().replace('GMT', '+0000')}`;
}

export function handOn({ mime, internetMessageId, from, to, effects, now }: HandOnInput): Transported {
  const message = splitMessage(mime);
  const has = (name: string) => headerValue(message, name) !== undefined;
  const messageId = effects.rewriteMessageIds ? newInternetMessageId() : internetMessageId;
  const prepend: [string, string][] = [['Received', receivedLine(now)]];
  if (!has('Message-ID')) prepend.push(['Message-ID', messageId]);
  if (!has('Date')) prepend.push(['Date', new Date(now).toUTCString().replace('GMT', '+0000')]);
  if (!has('From') && from !== null) prepend.push(['From', from]);
  // MIME answers may leave the recipients to the original mail.
  if (!has('To') && !has('Cc') && to.length > 0) prepend.push(['To', to.join(', ')]);
  const isBcc = isNamed('Bcc');
  const isCustom = (name: string) => effects.dropHeaders === true && /^x-/i.test(name);
  return {
    internetMessageId: messageId,
    mime: changeHeader(mime, {
      prepend,
      remove: (field) => isBcc(field) || isCustom(field.name),
      replace: {
        ...(effects.rewriteMessageIds ? { 'Message-ID': messageId } : {}),
        ...(from !== null ? { From: from } : {}),
      },
    }),
  };
}
