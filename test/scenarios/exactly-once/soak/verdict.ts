// What a soak came to: each mail's number of deliveries against what was promised, and the log against the emulator's own record.
import type { SendRequestRecord } from '../../../../shared/domain/log/send-request.ts';
import type { SoakMail } from './mails.ts';

/** What transport handed on, as the emulator recorded it. */
export interface Transported {
  subject: string;
  internetMessageId: string;
}

export interface Verdict {
  twice: string[];
  lost: string[];
  /** The log says something else than the emulator. */
  untrue: string[];
  states: Record<string, number>;
}

/** A mail that the log calls so was sent. */
const OUT: readonly string[] = ['sent', 'closed', 'failed'];

export function judgeSoak(mails: readonly SoakMail[], records: readonly SendRequestRecord[], deliveries: readonly Transported[]): Verdict {
  const verdict: Verdict = { twice: [], lost: [], untrue: [], states: {} };
  const transported = new Map<string, Transported[]>();
  for (const delivery of deliveries) transported.set(delivery.subject, [...(transported.get(delivery.subject) ?? []), delivery]);
  const logged = new Map<string, SendRequestRecord[]>();
  for (const record of records) logged.set(record.subject ?? '', [...(logged.get(record.subject ?? '') ?? []), record]);

  for (const { status } of records) verdict.states[status] = (verdict.states[status] ?? 0) + 1;
  for (const mail of mails) {
    const sent = transported.get(mail.subject) ?? [];
    const own = logged.get(mail.subject) ?? [];
    const says = (what: string) =>
      `${mail.subject} (${mail.kind}, ${mail.mailbox}, ${mail.id ?? 'no id'}): ${what}; log: ${own.map(({ id, status }) => `${id} ${status}`).join(', ')}`;
    if (sent.length > 1) verdict.twice.push(says(`${sent.length} mails`));
    if (mail.taken && sent.length === 0) verdict.lost.push(says('no mail'));
    const out = own.filter(({ status }) => OUT.includes(status));
    if (out.length !== sent.length) verdict.untrue.push(says(`${sent.length} mails, ${out.length} in the log`));
    for (const record of out) {
      if (record.internetMessageId !== sent[0]?.internetMessageId) verdict.untrue.push(says(`Message-ID ${sent[0]?.internetMessageId}`));
      if (record.copyToRemove) verdict.untrue.push(says('its copy was to be removed'));
    }
    if (mail.taken && own.length !== 1) verdict.untrue.push(says(`${own.length} records`));
  }
  return verdict;
}
