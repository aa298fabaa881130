// Who has cancelled a send request or sent it again, and why, for its timeline and for the audit log.
import type { Caller } from '../accept/caller.ts';
import { hasControlCharacter } from '../content/addresses.ts';

/** Characters. The timeline has one line for it. */
export const MAXIMUM_REASON_LENGTH = 500;

/** One line that anybody can read: no control characters, and none that turn or hide the text beside them. */
export const isReason = (text: string): boolean =>
  text.trim() !== '' && text.length <= MAXIMUM_REASON_LENGTH && !hasControlCharacter(text) && !/[\t\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(text);

export const byWhom = ({ application, user }: Pick<Caller, 'application' | 'user'>, reason?: string): string =>
  `by application ${application}${user === undefined ? '' : `, user ${user}`}${reason === undefined ? '' : `: ${reason}`}`;

/** The same for the audit log, as properties. */
export const actorOf = ({ application, user }: Pick<Caller, 'application' | 'user'>, reason?: string) => ({ application, user, reason });
