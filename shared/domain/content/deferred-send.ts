// Exchange's deferred-send properties. Exchange has been seen to send such a mail twice, so they become Send-At and leave the message.
import type { Message } from './message-schema.ts';
import { type Checked, ok, problems, refused } from './problem.ts';

/** PidTagDeferredSendTime and PidTagDeferredDeliveryTime (MS-OXOMSG 2.2.3.4, 2.2.1.58), however the tag's zeros are written. */
const DEFERRED = /^\s*SystemTime\s+0x0*(3fef|f)\s*$/i;
/** A time without a zone is UTC, as Exchange keeps it. */
const ZONE = /(?:Z|[+-]\d{2}:?\d{2})$/i;

export interface WithoutDeferral {
  message: Message;
  sendAt?: string;
}

const timeOf = (value: string): number => Date.parse(ZONE.test(value.trim()) ? value : `${value.trim()}Z`);

/** Refused in a draft, because the operation that creates the draft does not send it. */
export function takeDeferredSend(message: Message, path: string, isDraft: boolean): Checked<WithoutDeferral> {
  const properties = message.singleValueExtendedProperties ?? [];
  const deferred = properties.filter(({ id }) => DEFERRED.test(id));
  if (deferred.length === 0) return ok({ message });
  if (isDraft) return refused(problems.deferredSendInDraft(`${path}singleValueExtendedProperties`));
  const times = deferred.map(({ value }) => timeOf(value));
  if (times.some(Number.isNaN)) {
    return refused(
      problems.wrongType(`${path}singleValueExtendedProperties`, 'expected a date and time (RFC 3339) in the deferred-send property'),
    );
  }
  const rest = { ...message, singleValueExtendedProperties: properties.filter(({ id }) => !DEFERRED.test(id)) };
  return ok({ message: rest, sendAt: new Date(Math.max(...times)).toISOString() });
}
