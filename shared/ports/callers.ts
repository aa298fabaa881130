// Who calls: the credentials of a request, checked.
import type { Caller } from '../domain/accept/caller.ts';
import type { Checked } from '../domain/content/problem.ts';

/** What a request says of its caller. */
export interface Credentials {
  /** The Authorization header. */
  authorization: string | null;
  /** The function is for operators only. */
  operatorsOnly: boolean;
}

export interface Callers {
  /** The caller, or the problem to answer: 401 for credentials that don't hold, 503 if they can't be checked now. Never throws for either. */
  identify(credentials: Credentials): Promise<Checked<Caller>>;
}
