// The most that a process ever had in memory, as Linux counts it.
import { existsSync, readFileSync } from 'node:fs';

export const HAS_PROC = existsSync('/proc/self/status');

/** Needs /proc. */
export function peakMegabytes(pid: number | undefined): number {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(text)?.[1]) / 1024);
}
