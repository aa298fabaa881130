// What can go wrong between the page and the API, and what the person can do then.

export type TroubleKind =
  | 'outOfReach'
  | 'signInExpired'
  | 'noRole'
  | 'notFound'
  | 'notInThisVersion'
  | 'wrongInput'
  | 'conflict'
  | 'tooMuch'
  | 'unavailable'
  | 'unexpected';

export interface Trouble {
  kind: TroubleKind;
  /** In the API's own words, if it has answered. */
  message?: string;
  /** Identifies the answer in the logs. */
  requestId?: string;
  /** Seconds. */
  retryAfter?: number;
}

/** What a trouble is called, and what to do. */
export const TROUBLE_WORDS: Readonly<Record<TroubleKind, { title: string; advice: string }>> = {
  outOfReach: { title: 'The API is out of reach', advice: 'Nothing was lost. Check the connection, and try again.' },
  signInExpired: { title: 'Your sign-in has expired', advice: 'Sign in again. The page comes back to this place.' },
  noRole: {
    title: 'You may not see or do this',
    advice:
      'Ask an administrator of Microsoft Entra ID for a role on the mail queue: SendRequests.Read.All to see, SendRequests.Manage.All to act.',
  },
  notFound: {
    title: 'There is no such send request',
    advice: 'Check the id and the mailbox. Rows are deleted after the retention of the log.',
  },
  notInThisVersion: { title: 'This API does not have this yet', advice: 'The page is newer than the API behind it.' },
  wrongInput: { title: 'The API does not understand this', advice: 'Correct what it names, and try again.' },
  conflict: { title: 'That is not possible in this state', advice: 'Load the send request again: its state has changed.' },
  tooMuch: { title: 'Too many requests', advice: 'Wait a moment, and try again.' },
  unavailable: { title: 'The service is not available now', advice: 'Mail that was accepted is kept. Try again in a moment.' },
  unexpected: { title: 'Something went wrong in the service', advice: 'The request-id identifies the answer in the logs.' },
};

const KINDS: Readonly<Record<number, TroubleKind>> = {
  400: 'wrongInput',
  401: 'signInExpired',
  403: 'noRole',
  404: 'notFound',
  409: 'conflict',
  413: 'wrongInput',
  415: 'wrongInput',
  429: 'tooMuch',
  503: 'unavailable',
};

const asText = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

interface Envelope {
  error?: { message?: unknown; innerError?: { 'request-id'?: unknown } };
}

/** How the API, as Graph does, answers a path that it does not have. */
const UNKNOWN_PATH = 'Resource not found for the segment';

/** An answer that is not a success. `body` is the parsed JSON, or undefined if it is none. */
export function troubleOf(status: number, body: unknown, retryAfter: string | null): Trouble {
  const { error } = (typeof body === 'object' && body !== null ? body : {}) as Envelope;
  const message = asText(error?.message);
  const requestId = asText(error?.innerError?.['request-id']);
  const seconds = Number(retryAfter ?? '');
  const kind = status === 400 && message?.startsWith(UNKNOWN_PATH) ? 'notInThisVersion' : (KINDS[status] ?? 'unexpected');
  return {
    kind,
    ...(message !== undefined && { message }),
    ...(requestId !== undefined && { requestId }),
    ...(seconds > 0 && { retryAfter: seconds }),
  };
}
