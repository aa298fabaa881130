// Runs one timer function on its schedule, never two scheduled runs at once, as TimerListener of the WebJobs extensions does.
import type { TimerFunction } from '../function-table.ts';
import type { RpcTypedData } from '../rpc.ts';
import type { Schedule } from './ncrontab.ts';

export interface ScheduleStatus {
  Last: string;
  Next: string;
  LastUpdated: string;
}

export interface TimerListenerOptions {
  target: TimerFunction;
  schedule: Schedule;
  invoke(data: RpcTypedData, reason: string): Promise<unknown>;
  /** What an earlier host has stored; the real host keeps it in Blob Storage. */
  status?: ScheduleStatus | undefined;
}

// .NET's DateTime.MinValue: "never".
const never = '0001-01-01T00:00:00+00:00';
// setTimeout's largest delay is 24.8 days; longer ones are taken in steps.
const longestDelay = 86_400_000;

export class TimerListener {
  readonly #options: TimerListenerOptions;
  readonly #monitored: boolean;
  #next: Date;
  #status: ScheduleStatus;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: TimerListenerOptions) {
    this.#options = options;
    this.#monitored = options.target.useMonitor && !options.schedule.belowAMinute;
    this.#next = options.schedule.next(new Date());
    this.#status = options.status ?? { Last: never, Next: this.#next.toISOString(), LastUpdated: never };
  }

  start(): void {
    const { status, target } = this.#options;
    const pastDue = this.#monitored && status !== undefined && Date.parse(status.Next) < Date.now();
    if (pastDue) void this.#run('Timer fired at startup because it was past due', true);
    else if (target.runOnStartup) void this.#run('Timer fired at startup (runOnStartup)', false, true);
    else this.#startTimer();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** What the function gets; also for runs that the admin API asks for, which may overlap with scheduled ones. */
  timerInfo(isPastDue = false): RpcTypedData {
    const info = { Schedule: { AdjustForDST: true }, ScheduleStatus: this.#monitored ? this.#status : null, IsPastDue: isPastDue };
    return { json: JSON.stringify(info) };
  }

  #startTimer(): void {
    if (this.#stopped) return;
    // Where a run took longer than the interval, the next one is already late and comes at once.
    const delay = Math.max(this.#next.getTime() - Date.now(), 0);
    this.#timer = setTimeout(
      () => {
        if (delay > longestDelay) this.#startTimer();
        else void this.#run(`Timer fired at ${new Date().toISOString()}`, false);
      },
      Math.min(delay, longestDelay),
    );
  }

  async #run(reason: string, isPastDue: boolean, onStartup = false): Promise<void> {
    let started = new Date();
    try {
      await this.#options.invoke(this.timerInfo(isPastDue), reason);
    } catch {
      // The invoker has logged it; a failure never stops the schedule.
    }
    // A timer that fired a little early must not get the same occurrence again.
    if (!isPastDue && !onStartup && this.#next > started) started = this.#next;
    this.#next = this.#options.schedule.next(started);
    this.#status = { Last: started.toISOString(), Next: this.#next.toISOString(), LastUpdated: started.toISOString() };
    this.#startTimer();
  }
}
