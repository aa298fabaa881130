// Renews a lock until told to stop or until its time is over, with the delays of the .NET processor.

export interface Renewal {
  /** When the lock ends, as known now. */
  lockedUntil(): Date | undefined;
  renew(): Promise<unknown>;
  /** Milliseconds; Infinity: no end. */
  maxDuration: number;
  onError(error: Error): void;
}

/** ReceiverManager.CalculateRenewDelay: half of what is left, but at most 10 s before the end. */
export function renewDelay(remaining: number): number {
  return remaining < 400 ? 0 : remaining - Math.min(remaining / 2, 10_000);
}

const retryDelay = 500;

function isLost(error: unknown): boolean {
  const code = (error as { code?: string }).code;
  return code === 'MessageLockLost' || code === 'SessionLockLost';
}

/** Returns the function that stops it. */
export function keepLocked(renewal: Renewal): () => void {
  const end = Date.now() + renewal.maxDuration;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  function schedule(delay: number): void {
    if (stopped || Date.now() + delay >= end) return;
    timer = setTimeout(() => void renewOnce(), delay);
  }
  const scheduleNext = () => schedule(renewDelay((renewal.lockedUntil()?.getTime() ?? 0) - Date.now()));

  async function renewOnce(): Promise<void> {
    try {
      await renewal.renew();
      scheduleNext();
    } catch (error) {
      if (stopped) return;
      renewal.onError(error as Error);
      if (!isLost(error)) schedule(retryDelay);
    }
  }

  scheduleNext();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
