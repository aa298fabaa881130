// What a request was sent again as before, and to whom. A resend that was cancelled has sent nothing, so it covers nobody.
import type { Earlier } from '../../domain/act/choose-recipients.ts';
import type { Recipient, SendRequestRecord } from '../../domain/log/send-request.ts';
import type { Context } from '../context.ts';

export interface Covered {
  /** `resentAs` of both names only resends that have sent the mail, or may still send it. */
  record: SendRequestRecord;
  recipients: readonly Recipient[];
}

function withoutResend<T extends { resentAs?: string }>(of: T, cancelled: ReadonlySet<string>): T {
  if (of.resentAs === undefined || !cancelled.has(of.resentAs)) return of;
  const { resentAs: _, ...rest } = of;
  return rest as T;
}

const namesIn = (all: readonly { resentAs?: string }[]): string[] => [
  ...new Set(all.map(({ resentAs }) => resentAs).filter((id) => id !== undefined)),
];

/** Throws StoreUnavailable. */
export async function coveredOf({ log }: Context, record: SendRequestRecord, recipients: readonly Recipient[]): Promise<Covered> {
  const names = namesIn([record, ...recipients]);
  const records = await Promise.all(names.map((id) => log.read(record.mailbox, id)));
  const cancelled = new Set(records.flatMap((stored) => (stored?.value.status === 'cancelled' ? [stored.value.id] : [])));
  const left = recipients.map((recipient) => withoutResend(recipient, cancelled));
  // Ids are ordered by time: the last one that was not cancelled.
  const last = namesIn([withoutResend(record, cancelled), ...left])
    .sort()
    .at(-1);
  const { resentAs: _, ...rest } = record;
  return { record: { ...rest, ...(last !== undefined && { resentAs: last }) }, recipients: left };
}

/** Throws StoreUnavailable. */
export async function earlierOf({ log }: Context, { record, recipients }: Covered): Promise<Earlier> {
  const all = await Promise.all(
    namesIn([record, ...recipients]).map(async (as) => (await log.recipients(record.mailbox, as)).map((one) => ({ ...one, as }))),
  );
  return all.flat();
}
