// Step 5 of a Graph mail: what becomes of one recipient.
import type { Switches } from '../options.ts';
import { magicRowFor } from '../reports/magic-recipients.ts';
import type { ReportPlan } from '../reports/plan.ts';
import { type Directory, isTenantDomain } from '../store/directory.ts';
import type { Mailbox } from '../store/mailbox.ts';
import type { TraceStatus } from './journal.ts';

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
  overQuota: {
    kind: 'failed',
    status: '5.2.2',
    diagnostic: "smtp;550 5.2.2 The message can't be submitted because the sender's submission quota was exceeded.",
  },
};

const recipientFull: ReportPlan = {
  kind: 'failed',
  status: '5.2.2',
  diagnostic: 'smtp;554 5.2.2 mailbox full; STOREDRV.Deliver: mailbox full.',
};

export function routeRecipient(address: string, sender: Mailbox, directory: Directory, switches: Switches): Route {
  const local = isTenantDomain(address);
  const blocked = own[sender.state];
  if (blocked !== undefined) return failed(blocked, true);
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
