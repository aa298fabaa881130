// Many large mails at once: the HTTP API takes as many as it has memory for, the worker submits as many, and all go out.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { budgetBytesOf } from '../../shared/domain/content/instance-memory.ts';
import { HAS_PROC, peakMegabytes } from '../support/peak-memory.ts';
import type { RunningStack } from '../support/running-stack.ts';
import { at, startOperations } from './operations/operations.ts';

const MAILS = 32;
/** Of base64 in each. With 26 MB it takes about 700 MB and twice the time. */
const CONTENT_BYTES = 12 * 1024 * 1024;
/** Measured: 576 to 623 MB, and 1,050 MB without the budget. */
const LIMIT_MB = 800;

let stack: RunningStack;
beforeAll(async () => {
  if (HAS_PROC) stack = await startOperations({ GRAPH_TIMEOUT: 'PT60S', IN_DOUBT_GRACE: 'PT61S' });
});
afterAll(() => stack?.close());

/** As Graph's clients do it: what is answered 503 is posted again after Retry-After. */
async function posted(mailbox: string, body: Blob): Promise<string> {
  for (;;) {
    const response = await fetch(`${stack.url('functions')}/v1.0/users/${mailbox}/sendMail`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    await response.arrayBuffer();
    if (response.status === 202) return new URL(response.headers.get('location')!, stack.url('functions')).href;
    expect(response.status).toBe(503);
    const seconds = Number(response.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    await sleep(seconds * 1_000);
  }
}

test.skipIf(!HAS_PROC)(
  `${MAILS} large mails, posted and submitted at once, take less than ${LIMIT_MB} MB of the worker (needs /proc)`,
  async () => {
    const worker = stack.stack.pids()['worker'];
    const file = { '@odata.type': '#microsoft.graph.fileAttachment', name: 'large.bin', contentBytes: 'QUJD'.repeat(CONTENT_BYTES / 4) };
    const message = { subject: 'Large', toRecipients: at('other@example.com'), attachments: [file] };
    // All posts share it: a client that copies it would take more memory than the worker.
    const body = new Blob([JSON.stringify({ message })]);
    expect(MAILS * body.size).toBeGreaterThan(2 * budgetBytesOf());
    const locations = await Promise.all(Array.from({ length: MAILS }, (_, i) => posted(`large-${i}@contoso.com`, body)));
    for (const location of locations) await stack.until(location, 'sent', ({ status }) => status === 'sent', 300_000);
    expect(stack.stack.pids()['worker']).toBe(worker);
    expect(peakMegabytes(worker)).toBeLessThan(LIMIT_MB);
  },
  600_000,
);
