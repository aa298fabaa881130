// What large mails take of the worker's memory, for each size of instance: many of the largest at once, so that the budget is at its end.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { INSTANCE_MEMORY, type InstanceMemory } from '../../shared/domain/content/instance-memory.ts';
import type { RunningStack } from '../../test/support/running-stack.ts';
import type { CaseSet, Progress } from './case-set.ts';
import { inParallel, startWarmStack } from './traffic.ts';

const MEGABYTE = 1024 * 1024;
/** The largest message of the default MAXIMUM_MESSAGE_SIZE, less its envelope; small instances take less. */
const LARGE_MB = 34;
const MAILS = 6;

interface Row {
  instanceMB: number;
  /** Of each mail. */
  contentMB: number;
  idleMB: number;
  peakMB: number;
  /** 503 for want of memory, each repeated after Retry-After. */
  refusals: number;
}

/** The most that the worker process ever had in memory, in megabytes. Linux only. */
function peakOf(stack: RunningStack): number {
  const status = readFileSync(`/proc/${stack.stack.pids()['worker']}/status`, 'utf8');
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024);
}

function largeMail(megabytes: number): string {
  const contentBytes = Buffer.alloc(megabytes * MEGABYTE, 7).toString('base64');
  const attachments = [{ '@odata.type': '#microsoft.graph.fileAttachment', name: 'large.bin', contentBytes }];
  return JSON.stringify({ message: { subject: 'Large', toRecipients: [{ emailAddress: { address: 'other@example.com' } }], attachments } });
}

/** How often it was refused before it was taken. */
async function posted(stack: RunningStack, mailbox: string, body: string): Promise<{ location: string; refusals: number }> {
  for (let refusals = 0; ; refusals++) {
    const answer = await stack.post(`/v1.0/users/${mailbox}/sendMail`, body, { 'content-type': 'application/json' });
    if (answer.status === 202) return { location: answer.location, refusals };
    if (answer.status !== 503) throw new Error(`a large mail was answered ${answer.status}`);
    await sleep(2_000);
  }
}

async function measure({ memoryMB, largestMessageBytes }: InstanceMemory, progress: Progress): Promise<Row> {
  const contentMB = Math.min(LARGE_MB, Math.floor(largestMessageBytes / MEGABYTE) - 1);
  const body = largeMail(contentMB);
  const size = { INSTANCE_MEMORY_MB: String(memoryMB), MAXIMUM_MESSAGE_SIZE: String(Math.min(largestMessageBytes, 35 * MEGABYTE)) };
  const stack = await startWarmStack({ ...size, GRAPH_TIMEOUT: 'PT60S', IN_DOUBT_GRACE: 'PT61S' });
  try {
    const idleMB = peakOf(stack);
    const mailboxes = Array.from({ length: MAILS }, (_, n) => `large-${n}@contoso.com`);
    const sent = await inParallel(mailboxes, (mailbox) => posted(stack, mailbox, body));
    for (const [n, { location }] of sent.entries()) {
      progress(`instances of ${memoryMB} MB: ${n} of ${MAILS} mails`);
      await stack.until(location, 'accepted', ({ status }) => status === 'accepted' || status === 'sent', 120_000);
    }
    const refused = sent.reduce((sum, { refusals }) => sum + refusals, 0);
    return { instanceMB: memoryMB, contentMB, idleMB, peakMB: peakOf(stack), refusals: refused };
  } finally {
    await stack.close();
  }
}

export const memory: CaseSet = {
  name: 'memory',
  async run(progress) {
    const rows: Row[] = [];
    for (const size of INSTANCE_MEMORY) rows.push(await measure(size, progress));
    progress('');
    console.log(`${MAILS} large mails at once; memory of the worker process, without the Functions host:`);
    console.table(rows);
    return rows;
  },
};
