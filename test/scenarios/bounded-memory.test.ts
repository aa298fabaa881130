// Many large mails at once: the HTTP API takes as many as it has memory for, the worker submits as many, and all go out.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HAS_PROC, peakMegabytes } from '../support/peak-memory.ts';
import type { RunningStack } from '../support/running-stack.ts';
import { at, startOperations } from './operations/operations.ts';

const MAILS = 32;
/** Of base64 in each: together more than the budget. What is larger takes longer and no more memory: of 26 MB each the test holds as well. */
const CONTENT_BYTES = 6 * 1024 * 1024;
const LIMIT_MB = 650;

let stack: RunningStack;
beforeAll(async () => {
  if (HAS_PROC) stack = await startOperations({ GRAPH_TIMEOUT: 'PT60S', IN_DOUBT_GRACE: 'PT61S' });
});
afterAll(() => stack?.close());

interface Answer {
  location: string;
  refusals: number;
}

/** As Graph's clients do it: what is answered 503 is posted again after Retry-After. */
async function posted(mailbox: string, body: Buffer): Promise<Answer> {
  for (let refusals = 0; ; refusals++) {
    const response = await fetch(`${stack.url('functions')}/v1.0/users/${mailbox}/sendMail`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: new Uint8Array(body),
    });
    await response.arrayBuffer();
    if (response.status === 202) return { location: new URL(response.headers.get('location')!, stack.url('functions')).href, refusals };
    expect(response.status).toBe(503);
    const seconds = Number(response.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    await sleep(seconds * 1_000 * (0.5 + (refusals % 3) / 2));
  }
}

test.skipIf(!HAS_PROC)(
  `${MAILS} large mails, posted and submitted at once, take less than ${LIMIT_MB} MB of the worker (needs /proc)`,
  async () => {
    const worker = stack.stack.pids()['worker'];
    const file = { '@odata.type': '#microsoft.graph.fileAttachment', name: 'large.bin', contentBytes: 'QUJD'.repeat(CONTENT_BYTES / 4) };
    const body = Buffer.from(JSON.stringify({ message: { subject: 'Large', toRecipients: at('other@example.com'), attachments: [file] } }));
    const mails = await Promise.all(Array.from({ length: MAILS }, (_, i) => posted(`large-${i}@contoso.com`, body)));
    // The budget has really been at its end.
    expect(mails.some(({ refusals }) => refusals > 0)).toBe(true);
    for (const { location } of mails) await stack.until(location, 'sent', ({ status }) => status === 'sent', 300_000);
    expect(stack.stack.pids()['worker']).toBe(worker);
    expect(peakMegabytes(worker)).toBeLessThan(LIMIT_MB);
  },
  600_000,
);
