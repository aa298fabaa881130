// How quick the queue is on this machine. The caller chooses the number of mails and mailboxes.
import type { CaseSet } from './case-set.ts';
import { type Row, spread } from './figures.ts';
import { AT_A_TIME, letters, startWarmStack, timed } from './traffic.ts';

export const throughput = (mails: number, mailboxes: number): CaseSet => ({
  name: 'throughput',
  async run(progress) {
    const stack = await startWarmStack({});
    try {
      const { doorMs, acceptedMs, seconds } = await timed(stack, letters('bench', { bytes: 100, mails, mailboxes }), progress);
      progress('');
      const rows: Row[] = [
        { what: 'POST to 202', ...spread(doorMs), unit: 'ms' },
        { what: '202 to accepted by Graph', ...spread(acceptedMs), unit: 'ms' },
      ];
      const mailsPerSecond = mails / seconds;
      console.log(`${mails} mails of ${mailboxes} mailboxes, ${AT_A_TIME} posts at a time: ${mailsPerSecond.toFixed(1)} mails per second`);
      console.table(rows);
      return { mails, mailboxes, mailsPerSecond, rows };
    } finally {
      await stack.close();
    }
  },
});
