// When the stages of a mail run: by themselves after their delay, or, where held, only when told.
import type { EmulatorClock } from '../clock.ts';
import { type StageName, type Switches, stageNames } from '../options.ts';

interface StageJob {
  readonly number: number;
  readonly stage: StageName;
  readonly submission: string;
  readonly mailbox: string;
  readonly due: number;
  readonly held: boolean;
}

interface Job extends StageJob {
  held: boolean;
  run: () => void | Promise<void>;
  cancel: () => void;
}

export interface StageSelection {
  stage?: StageName | undefined;
  mailbox?: string | undefined;
  submission?: string | undefined;
}

export interface Stages {
  /** With an extra delay, or held from the start until it is released. */
  schedule(stage: StageName, mailbox: string, submission: string, run: () => void | Promise<void>, extra?: number | 'held'): void;
  hold(selection: StageSelection): void;
  /** Ends matching holds; what waited runs now. */
  release(selection: StageSelection): Promise<void>;
  /** Runs, once, everything that waits for these stages, held or not; returns how many ran. */
  advance(selection: StageSelection): Promise<number>;
  pending(): StageJob[];
  holds(): StageSelection[];
  /** Resolves when nothing is left that will run by itself. */
  settled(): Promise<void>;
  reset(): void;
}

export function createStages(clock: EmulatorClock, switches: () => Switches): Stages {
  let jobs: Job[] = [];
  let holds: StageSelection[] = [];
  let number = 0;
  let running = 0;
  const waiters: (() => void)[] = [];

  const covers = (selection: StageSelection, job: { stage: StageName; mailbox: string; submission: string }) =>
    (selection.stage === undefined || selection.stage === job.stage) &&
    (selection.mailbox === undefined || selection.mailbox.toLowerCase() === job.mailbox.toLowerCase()) &&
    (selection.submission === undefined || selection.submission === job.submission);

  async function execute(job: Job): Promise<void> {
    if (!jobs.includes(job)) return;
    jobs = jobs.filter((other) => other !== job);
    job.cancel();
    running++;
    try {
      await job.run();
    } finally {
      running--;
      notify();
    }
  }

  function notify(): void {
    if (running > 0 || jobs.some((job) => !job.held)) return;
    for (const waiter of waiters.splice(0)) waiter();
  }

  async function runAll(matching: Job[]): Promise<number> {
    for (const job of matching) await execute(job);
    return matching.length;
  }

  return {
    schedule(stage, mailbox, submission, run, extra = 0) {
      const delay = switches().stageDelays[stage] + (extra === 'held' ? 0 : extra);
      const job: Job = { number: number++, stage, mailbox, submission, due: clock.now() + delay, held: false, run, cancel: () => {} };
      jobs.push(job);
      if (extra === 'held') {
        job.held = true;
        return;
      }
      const timer = clock.after(delay, () => {
        job.held = holds.some((hold) => covers(hold, job));
        if (job.held) return notify();
        return execute(job);
      });
      job.cancel = () => timer.cancel();
    },
    hold: (selection) => void holds.push(selection),
    async release(selection) {
      holds = holds.filter((hold) =>
        Object.entries(selection).some(([key, value]) => value !== undefined && hold[key as keyof StageSelection] !== value),
      );
      await runAll(jobs.filter((job) => job.held && !holds.some((hold) => covers(hold, job))));
    },
    advance: (selection) => runAll(jobs.filter((job) => covers(selection, job))),
    pending: () =>
      jobs.map(({ number: id, stage, submission, mailbox, due, held }) => ({ number: id, stage, submission, mailbox, due, held })),
    holds: () => [...holds],
    settled() {
      return new Promise<void>((resolve) => {
        waiters.push(resolve);
        notify();
      });
    },
    reset() {
      for (const job of jobs) job.cancel();
      jobs = [];
      holds = [];
      notify();
    },
  };
}

export const isStageName = (name: string): name is StageName => (stageNames as readonly string[]).includes(name);
