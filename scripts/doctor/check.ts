// The input and the result of one check of `npx graph-mail-queue doctor`.

/** `skipped`: an earlier check failed, or nobody asked for it. */
export type Verdict = 'ok' | 'failed' | 'warning' | 'skipped';

export interface Result {
  verdict: Verdict;
  /** What was seen. */
  detail: string;
  /** What to do next, a line each. */
  next?: readonly string[];
}

export const failed = (detail: string, ...next: string[]): Result => ({ verdict: 'failed', detail, next });

export interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
  /** The body if it is not JSON. */
  text: string;
}

/** What all checks share. */
export interface Visit {
  /** Without a slash at the end. */
  url: string;
  mailbox: string;
  /** The recipient of the mail for the non-delivery report: an address that cannot exist. */
  unknown: string;
  patienceMs: number;
  /** Calls the app. Throws TypeError if there is no connection. */
  call(method: string, path: string, body?: unknown): Promise<Answer>;
  /** Waits a little between two looks. */
  pause(): Promise<unknown>;
  now(): number;
  /** The access token of the calls; absent: none was needed, or none could be had. */
  token?: string;
  /** Fetches one. Throws CommandError with what to do. */
  getToken(): Promise<string>;
}

export interface Check {
  name: string;
  /** Names of checks that must not have failed. */
  needs: readonly string[];
  run(visit: Visit): Promise<Result>;
}

export const errorOf = ({ body, status, text }: Answer): string => {
  const error = body['error'] as { code?: string; message?: string } | undefined;
  return error ? `${status} ${error.code}: ${error.message}` : `${status} ${text.slice(0, 200)}`.trim();
};
