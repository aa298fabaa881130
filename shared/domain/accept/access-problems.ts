// Refusals of callers in Graph's words: who they are, what they may do, and how much of it.
import type { Problem } from '../content/problem.ts';

const denied = (code: string, message: string): Problem => ({ status: 403, code, message });

export const accessProblems = {
  /** `why` never repeats anything of the token. */
  notAuthenticated: (why: string): Problem => ({ status: 401, code: 'InvalidAuthenticationToken', message: why }),
  /** Microsoft's clients silently send no token to a host that they do not know, or over http. */
  tokenMissing: (audiences: readonly string[]): Problem =>
    accessProblems.notAuthenticated(
      `Access token is empty. If the client has a token but does not send it here: add this host to the allowed hosts of its authentication provider (allowedHosts, customHosts), end the base URL with /v1.0, and ask for the scope ${audiences[0]}/.default.`,
    ),
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
