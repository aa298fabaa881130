// Refusals of callers in Graph's words: who they are, what they may do, and how much of it.
import type { Problem } from '../content/problem.ts';

const denied = (code: string, message: string): Problem => ({ status: 403, code, message });

export const accessProblems = {
  /** `why` never repeats anything of the token. */
  notAuthenticated: (why: string): Problem => ({ status: 401, code: 'InvalidAuthenticationToken', message: why }),
  roleMissing: (role: string) => denied('ErrorAccessDenied', `Access is denied. The access token lacks the application role ${role}.`),
  accessDenied: (why: string) => denied('ErrorAccessDenied', `Access is denied. ${why}`),
  /** https://learn.microsoft.com/graph/outlook-send-mail-from-other-user */
  sendAsDenied: (from: string) =>
    denied(
      'ErrorSendAsDenied',
      `The user account which was used to submit this request does not have the right to send mail on behalf of the specified sending account '${from}'.`,
    ),
  recipientDomainDenied: (domain: string) =>
    denied('ErrorAccessDenied', `Access is denied. The sender policy does not let this application send to the domain '${domain}'.`),
  /** Graph's own words for an application that asks too often (https://learn.microsoft.com/graph/throttling). */
  tooMany: (limit: number, per: string, retryAfter: number): Problem => ({
    status: 429,
    code: 'TooManyRequests',
    retryAfter,
    message: `The sender policy gives this application ${limit} mails per ${per}. Send the rest after ${retryAfter} seconds.`,
  }),
};
