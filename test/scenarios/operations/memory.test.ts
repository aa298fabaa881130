// What one mail of 35 MB takes of the worker's memory, at the HTTP API and on its way to Graph: measured from outside.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HAS_PROC, peakMegabytes } from '../../support/peak-memory.ts';
import type { RunningStack } from '../../support/running-stack.ts';
import { at, base64, post, startOperations } from './operations.ts';

const LIMIT_MB = 300;

let stack: RunningStack;
beforeAll(async () => {
  if (HAS_PROC) stack = await startOperations({ GRAPH_TIMEOUT: 'PT20S', IN_DOUBT_GRACE: 'PT21S' });
});
afterAll(() => stack?.close());

test.skipIf(!HAS_PROC)(`one mail of 35 MB at a time takes less than ${LIMIT_MB} MB of the worker, all in all (needs /proc)`, async () => {
  const bytes = randomBytes(35_000_000);
  const attachment = { '@odata.type': '#microsoft.graph.fileAttachment', name: 'large.bin', contentBytes: base64(bytes) };
  const message = { subject: 'Large', toRecipients: at('other@example.com'), attachments: [attachment] };
  await stack.untilStatus((await post(stack, 'memory@contoso.com', 'sendMail', { message })).location, 'sent');
  const mime = [
    'To: other@example.com',
    'Subject: Large',
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    'Content-Type: application/pdf; name=a.pdf',
    'Content-Transfer-Encoding: base64',
    '',
    base64(bytes.subarray(0, 26_000_000)).replace(/(.{76})/g, '$1\r\n'),
    '--b--',
  ];
  await stack.untilStatus((await post(stack, 'memory@contoso.com', 'sendMail', mime.join('\r\n'))).location, 'sent');
  expect(peakMegabytes(stack.stack.pids()['worker'])).toBeLessThan(LIMIT_MB);
});
