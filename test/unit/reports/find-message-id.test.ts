// Each report finds the mail that it is about, however mail systems write its Message-ID.
import { describe, expect, test } from 'vitest';
import { candidateMessageIds } from '../../../shared/domain/reconcile/report-events.ts';
import { parseReport } from '../../../shared/domain/reports/parse-report.ts';
import { dsn, mdn } from './mails.ts';

const ID = '<01jyqz3v7m9k2n4p6r8t0w1x3z@contoso.com>';
const LONG = '<AM0PR01MB12345678.eurprd01.prod.exchangelabs.com.0123456789abcdef0123456789abcdef@contoso.com>';
const GROUP = 'Reporting-MTA: dns;x\n\nFinal-Recipient: rfc822;bob@example.com\nAction: failed\nStatus: 5.1.1\n';
const base64 = (text: string) => Buffer.from(text).toString('base64');
const quoted = (text: string) =>
  text.replace(/[^A-Za-z0-9]/g, (one) => `=${one.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
const half = (text: string): [string, string] => [text.slice(0, 30), text.slice(30)];

const WRITTEN: readonly (readonly [how: string, id: string, value: string])[] = [
  ['as it is', ID, ID],
  ['without brackets', ID, ID.slice(1, -1)],
  ['folded', ID, `\n ${ID}`],
  ['with a comment', ID, `${ID} (the mail of Monday)`],
  ['as an old client answers', ID, `Your message of "Mon, 12 Jan 2026" ${ID}`],
  ['as a quoted-printable encoded word', ID, `=?us-ascii?Q?${quoted(ID)}?=`],
  ['as one in lower case', ID, `=?utf-8?q?${quoted(ID).toLowerCase()}?=`],
  ['as a base64 encoded word', ID, `=?UTF-8?B?${base64(ID)}?=`],
  ['as an encoded word with a language', ID, `=?utf-8*en?Q?${quoted(ID)}?=`],
  ['as an encoded word between brackets', ID, `<=?utf-8?Q?${quoted(ID.slice(1, -1))}?=>`],
  ['as an encoded word without brackets in it', ID, `=?utf-8?Q?${quoted(ID.slice(1, -1))}?=`],
  [
    'as two encoded words on two lines',
    LONG,
    half(LONG)
      .map((part) => `=?us-ascii?Q?${quoted(part)}?=`)
      .join('\n '),
  ],
  [
    'as two base64 encoded words',
    LONG,
    half(LONG)
      .map((part) => `=?utf-8?B?${base64(part)}?=`)
      .join('\n\t'),
  ],
  [
    'as two encoded words without a blank',
    LONG,
    half(LONG)
      .map((part) => `=?utf-8?B?${base64(part)}?=`)
      .join(''),
  ],
  ['folded in its middle', LONG, `${half(LONG)[0]}\n ${half(LONG)[1]}`],
  ['as an encoded word with blanks in it', LONG, `=?utf-8?Q?${quoted(half(LONG)[0])}_${quoted(half(LONG)[1])}?=`],
  ['with blanks within its brackets', ID, `< ${ID.slice(1, -1)} >`],
];

describe('a Message-ID', () => {
  test.each(WRITTEN)('%s is found in In-Reply-To', async (_, id, value) => {
    const report = await parseReport(dsn(GROUP, { headers: `In-Reply-To: ${value}\n`, original: 'Subject: x\n\nx\n' }));
    expect(candidateMessageIds(report)).toEqual([id]);
  });

  test.each(WRITTEN)('%s is found in References', async (_, id, value) => {
    const report = await parseReport(dsn(GROUP, { headers: `References: ${value}\n`, original: 'Subject: x\n\nx\n' }));
    expect(candidateMessageIds(report)).toEqual([id]);
  });

  test.each(WRITTEN)('%s is found in the returned original', async (_, id, value) => {
    const report = await parseReport(
      dsn(GROUP, { original: `From: a@contoso.com\nMessage-ID: ${value}\nSubject: x\n\nMessage-ID: <no@x>\n` }),
    );
    expect(candidateMessageIds(report)).toEqual([id]);
  });

  test.each(WRITTEN)('%s is found in a read receipt', async (_, id, value) => {
    const fields = `Final-Recipient: rfc822;bob@example.com\nOriginal-Message-ID: ${value}\nDisposition: manual-action/MDN-sent-manually; displayed\n`;
    expect(candidateMessageIds(await parseReport(mdn(fields)))).toEqual([id]);
  });
});
