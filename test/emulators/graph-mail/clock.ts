// The emulator's clock: follows the system's time until it is frozen or moved, and runs the transport's timers.

interface Timer {
  readonly due: number;
  readonly order: number;
  readonly run: () => void | Promise<void>;
}

export interface EmulatorClock {
  now(): number;
  isFrozen(): boolean;
  after(milliseconds: number, run: () => void | Promise<void>): { cancel(): void };
  /** Moves the time on and runs, in order, every timer that falls due on the way. */
  advance(milliseconds: number): Promise<void>;
  freeze(at?: number): void;
  unfreeze(): void;
  reset(): void;
  stop(): void;
}

export function createClock(options: { frozenAt?: number } = {}): EmulatorClock {
  let timers: Timer[] = [];
  let order = 0;
  let offset = 0;
  let frozenAt: number | undefined = options.frozenAt;
  let wake: NodeJS.Timeout | undefined;

  const now = () => frozenAt ?? Date.now() + offset;

  function takeDue(until: number): Timer | undefined {
    const next = timers[0];
    if (next === undefined || next.due > until) return undefined;
    return timers.shift();
  }

  function runNow(timer: Timer): Promise<void> {
    return Promise.resolve()
      .then(timer.run)
      .catch((error: unknown) => void process.stderr.write(`graph-mail: a timer failed: ${String(error)}\n`));
  }

  function arm(): void {
    clearTimeout(wake);
    const next = timers[0];
    if (frozenAt !== undefined || next === undefined) return;
    // setTimeout counts in 32 bits; a later wake-up just arms again.
    wake = setTimeout(
      () => {
        for (let timer = takeDue(now()); timer; timer = takeDue(now())) void runNow(timer);
        arm();
      },
      Math.min(Math.max(next.due - now(), 0), 2_000_000_000),
    );
    wake.unref();
  }

  return {
    now,
    isFrozen: () => frozenAt !== undefined,
    after(milliseconds, run) {
      const timer: Timer = { due: now() + milliseconds, order: order++, run };
      timers.push(timer);
      timers.sort((a, b) => a.due - b.due || a.order - b.order);
      arm();
      return {
        cancel() {
          timers = timers.filter((other) => other !== timer);
          arm();
        },
      };
    },
    async advance(milliseconds) {
      const wasFrozen = frozenAt !== undefined;
      const target = now() + milliseconds;
      for (let timer = takeDue(target); timer; timer = takeDue(target)) {
        frozenAt = Math.max(now(), timer.due);
        await runNow(timer);
      }
      frozenAt = target;
      if (!wasFrozen) this.unfreeze();
    },
    freeze(at) {
      frozenAt = at ?? now();
      arm();
    },
    unfreeze() {
      if (frozenAt !== undefined) offset = frozenAt - Date.now();
      frozenAt = undefined;
      arm();
    },
    reset() {
      timers = [];
      offset = 0;
      frozenAt = options.frozenAt;
      arm();
    },
    stop() {
      timers = [];
      clearTimeout(wake);
    },
  };
}
