// Outlook's service limits per application and mailbox: concurrent requests, requests and uploaded bytes in a window.
// https://learn.microsoft.com/graph/throttling-limits#outlook-service-limits
import type { Switches } from '../options.ts';
import { SlidingWindow } from '../sliding-window.ts';
import { errors, type GraphError } from './errors.ts';

export interface Gates {
  /** Counts a request in; says why it must be refused, if it must. Requests that are refused count, too. */
  enter(mailbox: string, application: string, now: number, isSubmission: boolean): GraphError | undefined;
  /** Counts uploaded bytes. */
  upload(mailbox: string, application: string, bytes: number, now: number): GraphError | undefined;
  leave(mailbox: string, application: string, isSubmission: boolean): void;
  /** Message trace: so many requests in so many milliseconds, per application. */
  trace(application: string, limit: { count: number; perMilliseconds: number }, now: number): GraphError | undefined;
  /** The most requests, and the most submissions, that a mailbox had at a time. */
  maxConcurrency(): Record<string, number>;
  maxSubmissions(): Record<string, number>;
  reset(): void;
}

export function createGates(switches: () => Switches): Gates {
  const running = new Map<string, number>();
  const peak = new Map<string, number>();
  const submitting = new Map<string, number>();
  const submissionPeak = new Map<string, number>();
  const requests = new Map<string, SlidingWindow>();
  const uploads = new Map<string, SlidingWindow>();
  const keyOf = (mailbox: string, application: string) => `${mailbox}\n${application}`;

  function windowOf(windows: Map<string, SlidingWindow>, key: string): SlidingWindow {
    const window = windows.get(key) ?? new SlidingWindow();
    windows.set(key, window);
    return window;
  }

  return {
    enter(mailbox, application, now, isSubmission) {
      if (isSubmission) {
        const submissions = (submitting.get(mailbox) ?? 0) + 1;
        submitting.set(mailbox, submissions);
        submissionPeak.set(mailbox, Math.max(submissionPeak.get(mailbox) ?? 0, submissions));
      }
      const key = keyOf(mailbox, application);
      const count = (running.get(key) ?? 0) + 1;
      running.set(key, count);
      peak.set(mailbox, Math.max(peak.get(mailbox) ?? 0, count));
      const { concurrencyLimit, requestLimit, retryAfter } = switches();
      const window = windowOf(requests, key);
      window.dropBefore(now - requestLimit.perMilliseconds);
      window.add({ at: now, amount: 0 });
      if (count > concurrencyLimit) return errors.throttled('MailboxConcurrency', retryAfter);
      return window.count > requestLimit.count ? errors.throttled('Requests', retryAfter) : undefined;
    },
    upload(mailbox, application, bytes, now) {
      const { uploadLimit, retryAfter } = switches();
      const window = windowOf(uploads, keyOf(mailbox, application));
      window.dropBefore(now - uploadLimit.perMilliseconds);
      window.add({ at: now, amount: bytes });
      return window.amount > uploadLimit.bytes ? errors.throttled('IncomingBytes', retryAfter) : undefined;
    },
    leave(mailbox, application, isSubmission) {
      if (isSubmission) submitting.set(mailbox, Math.max((submitting.get(mailbox) ?? 1) - 1, 0));
      const key = keyOf(mailbox, application);
      running.set(key, Math.max((running.get(key) ?? 1) - 1, 0));
    },
    trace(application, limit, now) {
      const window = windowOf(requests, keyOf('message trace', application));
      window.dropBefore(now - limit.perMilliseconds);
      window.add({ at: now, amount: 0 });
      return window.count > limit.count ? errors.throttled('MessageTrace', switches().retryAfter) : undefined;
    },
    maxConcurrency: () => Object.fromEntries(peak),
    maxSubmissions: () => Object.fromEntries(submissionPeak),
    reset() {
      for (const map of [peak, submissionPeak, requests, uploads]) map.clear();
    },
  };
}
