// CPU of the processes of a stack. Linux only: /proc says it in hundredths of a second.
import { readFileSync } from 'node:fs';
import type { RunningStack } from '../../test/support/running-stack.ts';

const MS_PER_TICK = 10;

/** User and system time. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: the 14th and 15th field, counted after the name in brackets. */
function cpuMs(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
}

/** Milliseconds of CPU since each process was started, by its name. */
export const cpuOf = (stack: RunningStack): Record<string, number> =>
  Object.fromEntries(Object.entries(stack.stack.pids()).map(([name, pid]) => [name, cpuMs(pid)]));

/** By process, for each of so many mails. */
export const cpuPerMail = (before: Record<string, number>, after: Record<string, number>, mails: number): Record<string, number> =>
  Object.fromEntries(Object.keys(after).map((name) => [name, perMail((after[name] as number) - (before[name] ?? 0), mails)]));

export const perMail = (sum: number, mails: number): number => Number((sum / mails).toFixed(1));
