// The stages of a submitted mail: picked up, its copy filed, routed, delivered, reported on. What comes before (draft, 202) is in the operations.
import type { EmulatorClock } from '../clock.ts';
import { type Effects, effectsOfSwitches } from '../faults/effects.ts';
import { readMime } from '../mime/read.ts';
import { writeMime } from '../mime/write.ts';
import type { Switches } from '../options.ts';
import { deliverReport, planReports } from '../reports/reports.ts';
import type { Directory } from '../store/directory.ts';
import { newGuid } from '../store/ids.ts';
import type { Item } from '../store/item.ts';
import type { Mailbox } from '../store/mailbox.ts';
import { wellKnownProperties } from '../validation/extended-properties.ts';
import { fileCopy } from './file-copy.ts';
import { handOn } from './hand-on.ts';
import { type Journal, marksOf, type RecipientRecord, type TransportRecord } from './journal.ts';
import { type Route, routeRecipients } from './route.ts';
import type { SendingLimits } from './sending-limits.ts';
import type { Stages } from './stages.ts';
import { storeDelivered } from './store-delivered.ts';

export interface Submission {
  readonly mailbox: Mailbox;
  readonly item: Item;
  readonly operation: string;
  readonly saveToSentItems: boolean;
  readonly effects: Effects;
  readonly recipients: readonly { address: string; type: 'to' | 'cc' | 'bcc' }[];
  /** Replaces the From header of MIME that may not keep its own. */
  readonly fromHeader: string | null;
}

export interface TransportParts {
  readonly clock: EmulatorClock;
  readonly directory: Directory;
  readonly journal: Journal;
  readonly stages: Stages;
  readonly limits: SendingLimits;
  readonly switches: () => Switches;
}

export interface Transport {
  submit(submission: Submission): string;
}

export function createTransport({ clock, directory, journal, stages, switches, limits }: TransportParts): Transport {
  /** PidTagDeferredSendTime, PidTagDeferredDeliveryTime: waits in Drafts until then; deleting the draft cancels. */
  function deferral(item: Item): number {
    const times = [wellKnownProperties.deferredSendTime, wellKnownProperties.deferredDeliveryTime].map((id) => {
      const value = item.extendedProperties.get(id)?.value;
      return typeof value === 'string' ? Date.parse(value) : Number.NaN;
    });
    return Math.max(0, ...times.filter((time) => !Number.isNaN(time)).map((time) => time - clock.now()));
  }

  const isWaiting = ({ mailbox, item, effects }: Submission): boolean =>
    mailbox.items.get(item.key) === item && item.submitted && effects.neverPickedUp !== true;

  /** Mail over the message rate limit stays in Drafts until its minute ("throttled and carried over"). */
  function pace(id: string, submission: Submission, takenDateTime: number): void | Promise<void> {
    if (!isWaiting(submission)) return;
    const wait = limits.takePlace(submission.mailbox, clock.now());
    if (wait === 0) return pickUp(id, submission, takenDateTime);
    stages.schedule('pickUp', submission.mailbox.address, id, () => pickUp(id, submission, takenDateTime), wait);
  }

  async function pickUp(id: string, submission: Submission, takenDateTime: number): Promise<void> {
    if (!isWaiting(submission)) return;
    const { mailbox, item, effects } = submission;
    const now = clock.now();
    const source = item.mime ?? (await writeMime(item, now));
    const from = item.from?.address ?? mailbox.address;
    const to = submission.recipients.filter(({ type }) => type === 'to').map(({ address }) => address);
    const transported = handOn({ mime: source, internetMessageId: item.internetMessageId, from: submission.fromHeader, to, effects, now });
    const record: TransportRecord = {
      id,
      mailbox: mailbox.address,
      from,
      operation: submission.operation,
      format: item.mime === null ? 'json' : 'mime',
      subject: item.subject,
      submittedMessageId: item.internetMessageId,
      internetMessageId: transported.internetMessageId,
      marks: marksOf(item),
      recipients: submission.recipients.map(({ address, type }) => ({ address, type, outcome: 'pending', status: null, trace: null })),
      mime: transported.mime,
      takenDateTime,
      handedOnDateTime: now,
    };
    journal.add(record);
    if (effects.copyStaysIn === 'outbox') mailbox.move(item, mailbox.wellKnown('outbox').id, now);
    stages.schedule('file', mailbox.address, id, () => fileCopy(submission, record, clock.now(), switches()), effects.lateSentItems ?? 0);
    stages.schedule('route', mailbox.address, id, () => route(record, submission));
  }

  function route(record: TransportRecord, { mailbox }: Submission): void {
    const addresses = record.recipients.map(({ address }) => address);
    const found = routeRecipients(addresses, mailbox, { directory, switches, limits }, clock.now());
    const routes = record.recipients.map((recipient, index) => ({ recipient, route: found[index] as Route }));
    stages.schedule('deliver', record.mailbox, record.id, () => deliver(record, routes));
  }

  async function deliver(record: TransportRecord, routes: { recipient: RecipientRecord; route: Route }[]): Promise<void> {
    const now = clock.now();
    const mailboxes = new Set<Mailbox>();
    for (const { recipient, route: way } of routes) {
      recipient.outcome = way.delivered ? 'delivered' : 'failed';
      recipient.status = way.failure;
      recipient.trace = way.trace;
      if (way.delivered && way.mailbox !== null) mailboxes.add(way.mailbox);
    }
    // Named twice, delivered once.
    if (mailboxes.size > 0) {
      const content = await readMime(record.mime, now);
      for (const mailbox of mailboxes) storeDelivered(mailbox, content, now);
    }
    for (const report of planReports(record, routes)) {
      stages.schedule(
        'report',
        record.mailbox,
        record.id,
        () => deliverReport(record, report, directory, clock.now(), switches().reportsShowAuthAs),
        report.delay,
      );
    }
  }

  return {
    submit(submission) {
      const id = newGuid();
      const { mailbox, item } = submission;
      const now = clock.now();
      const effects = { ...effectsOfSwitches(switches()), ...submission.effects };
      const hidden = effects.hiddenFor !== undefined;
      mailbox.change(item, { submitted: true, hidden, ...(item.mime === null ? { sentDateTime: now } : {}) }, now);
      // A change, so that delta queries learn of it then.
      if (hidden) clock.after(effects.hiddenFor ?? 0, () => mailbox.change(item, { hidden: false }, clock.now()));
      stages.schedule('pickUp', mailbox.address, id, () => pace(id, { ...submission, effects }, now), deferral(item));
      return id;
    },
  };
}
