// Step 5 of a Graph mail: what becomes of one recipient.
import type { Switches } from '../options.ts';
import { submissionQuota } from '../reports/limit-reports.ts';
import { magicRowFor } from '../reports/magic-recipients.ts';
import type { ReportPlan } from '../reports/plan.ts';
import { type Directory, isTenantDomain } from '../store/directory.ts';
import type { Mailbox } from '../store/mailbox.ts';
import type { TraceStatus } from './journal.ts';
import type { SendingLimits } from './sending-limits.ts';

export interface Route {
  readonly delivered: boolean;
  /** Where it is delivered; null: handed to another organisation. */
  readonly mailbox: Mailbox | null;
  /** Enhanced status code, if it fails. */
  readonly failure: string | null;
  readonly reports: readonly ReportPlan[];
  readonly local: boolean;
  readonly trace: TraceStatus | null;
}

const failed = (plan: ReportPlan, local: boolean): Route => ({
  delivered: false,
  mailbox: null,
  failure: plan.status,
  reports: [plan],
  local,
  trace: null,
});

const notFound: ReportPlan = {
  kind: 'failed',
  status: '5.1.10',
  diagnostic: 'smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient {address} not found by SMTP address lookup',
};

const own: Partial<Record<Mailbox['state'], ReportPlan>> = {
  senderBlocked: { kind: 'failed', status: '5.1.8', diagnostic: 'smtp;550 5.1.8 Access denied, bad outbound sender' },
  overQuota: submissionQuota,
};

const recipientFull: ReportPlan = {
  kind: 'failed',
  status: '5.2.2',
  diagnostic: 'smtp;554 5.2.2 mailbox full; STOREDRV.Deliver: mailbox full.',
};

function routeRecipient(address: string, directory: Directory, switches: Switches): Route {
  const local = isTenantDomain(address);
  const magic = magicRowFor(address);
  if (magic !== undefined) {
    const reports = magic.reports.map((plan) => (local && plan.local !== undefined ? { ...plan, ...plan.local } : plan));
    const failure = magic.delivered ? null : (reports.find(({ kind }) => kind === 'failed')?.status ?? null);
    return {
      delivered: magic.delivered,
      mailbox: magic.delivered ? (directory.find(address) ?? null) : null,
      failure,
      reports,
      local,
      trace: magic.trace ?? null,
    };
  }
  const mailbox = directory.find(address);
  if (mailbox !== undefined) {
    if (mailbox.state === 'full') return failed(recipientFull, true);
    return { delivered: true, mailbox, failure: null, reports: [], local: true, trace: null };
  }
  if (isTenantDomain(address) && switches.unknownLocalRecipient === 'ndr') return failed(notFound, true);
  return { delivered: true, mailbox: null, failure: null, reports: [], local, trace: null };
}

/** The routes of a mail's recipients, in their order: a blocked sender and a limit refuse before anything is looked up. */
export function routeRecipients(
  addresses: readonly string[],
  sender: Mailbox,
  parts: { directory: Directory; switches: () => Switches; limits: SendingLimits },
  now: number,
): Route[] {
  const blocked = own[sender.state];
  if (blocked !== undefined) return addresses.map(() => failed(blocked, true));
  const refusals = parts.limits.count(sender, addresses, now);
  return addresses.map((address, index) => {
    const refusal = refusals[index];
    return refusal === undefined ? routeRecipient(address, parts.directory, parts.switches()) : failed(refusal, true);
  });
}
