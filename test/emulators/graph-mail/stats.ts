// What was asked of the emulator: requests by operation and mailbox, answers by status.

export interface Stats {
  count(operation: string, mailbox: string | null): void;
  answered(operation: string, status: number | 'none'): void;
  requests(): Record<string, Record<string, number>>;
  totals(): Record<string, number>;
  answers(): Record<string, Record<string, number>>;
  reset(): void;
}

export function createStats(): Stats {
  let byMailbox: Record<string, Record<string, number>> = {};
  let byOperation: Record<string, number> = {};
  let byStatus: Record<string, Record<string, number>> = {};
  return {
    count(operation, mailbox) {
      byOperation[operation] = (byOperation[operation] ?? 0) + 1;
      if (mailbox === null) return;
      const counts = (byMailbox[mailbox] ??= {});
      counts[operation] = (counts[operation] ?? 0) + 1;
    },
    answered(operation, status) {
      const counts = (byStatus[operation] ??= {});
      counts[String(status)] = (counts[String(status)] ?? 0) + 1;
    },
    requests: () => structuredClone(byMailbox),
    totals: () => ({ ...byOperation }),
    answers: () => structuredClone(byStatus),
    reset() {
      byMailbox = {};
      byOperation = {};
      byStatus = {};
    },
  };
}
