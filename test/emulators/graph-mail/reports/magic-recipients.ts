// The magic recipients as data: what an address's local part (before any "+") makes of a mail. Any domain.
import { dailyRecipients, submissionQuota, tenantExternalRecipients, trialTenantExternalRecipients } from './limit-reports.ts';
import type { LanguageName, MagicRow, ReportPlan } from './plan.ts';

const unknownRemote = 'smtp;550 5.1.1 <{address}>: Recipient address rejected: User unknown in virtual mailbox table';
const notFoundLocal = {
  status: '5.1.10',
  diagnostic: 'smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient {address} not found by SMTP address lookup',
  remote: false,
} as const;

const unknown: ReportPlan = { kind: 'failed', status: '5.1.1', diagnostic: unknownRemote, remote: true, local: notFoundLocal };

function row(localPart: string, meaning: string, ...reports: ReportPlan[]): MagicRow {
  return { localPart, meaning, delivered: !reports.some(({ kind }) => kind === 'failed'), reports };
}

export const magicRecipients: readonly MagicRow[] = [
  row('unknown-user', 'does not exist: NDR 5.1.10 in the tenant, 5.1.1 from the remote server elsewhere', unknown),
  row('mailbox-full', 'its mailbox is full: NDR 5.2.2', {
    kind: 'failed',
    status: '5.2.2',
    diagnostic: 'smtp;552 5.2.2 <{address}>: Recipient mailbox is full',
    remote: true,
    local: { diagnostic: 'smtp;554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException; mailbox full', remote: false },
  }),
  row('dns-failure', 'its domain cannot be found: NDR 5.4.312', {
    kind: 'failed',
    status: '5.4.312',
    diagnostic: "smtp;550 5.4.312 Message expired, DNS query failed(ErrorRetry) for '{domain}'",
  }),
  row('connection-refused', 'its server refuses connections: NDR 5.4.316', {
    kind: 'failed',
    status: '5.4.316',
    diagnostic: 'smtp;550 5.4.316 Message expired, connection refused(SocketConnectionRefused)',
  }),
  row('expired', 'never reached: NDR 4.4.7 with action failed', {
    kind: 'failed',
    status: '4.4.7',
    diagnostic: 'smtp;550 4.4.7 QUEUE.Expired; message expired',
  }),
  row('blocked-sender', 'refused since the own account is blocked: NDR 5.1.8', {
    kind: 'failed',
    status: '5.1.8',
    diagnostic:
      'smtp;550 5.1.8 Access denied, bad outbound sender. For more information please go to https://go.microsoft.com/fwlink/?LinkID=526655 AS(42004)',
  }),
  row('quota-exceeded', "the sender's submission quota is exceeded: NDR 5.2.2", submissionQuota),
  row('daily-limit', "the sender's daily recipient limit is reached: NDR 5.1.90", dailyRecipients),
  row('tenant-limit', "the tenant's external recipient limit is reached: NDR 5.7.233", tenantExternalRecipients),
  row('trial-tenant-limit', "a trial tenant's external recipient limit is reached: NDR 5.7.232", trialTenantExternalRecipients),
  row('tenant-blocked', 'the whole tenant is blocked: NDR 5.7.705', {
    kind: 'failed',
    status: '5.7.705',
    diagnostic: 'smtp;550 5.7.705 Access denied, tenant has exceeded threshold',
  }),
  row('not-authorised', "the recipient takes no such sender's mail: NDR 5.7.133", {
    kind: 'failed',
    status: '5.7.133',
    diagnostic: 'smtp;550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required',
  }),
  row('delayed', 'a delay notice 4.4.7, then delivered', {
    kind: 'delayed',
    status: '4.4.7',
    diagnostic: 'smtp;400 4.4.7 Message delayed',
  }),
  {
    localPart: 'delayed-then-failed',
    meaning: 'a delay notice 4.4.7, later NDR 5.4.300',
    delivered: false,
    reports: [
      { kind: 'delayed', status: '4.4.7', diagnostic: 'smtp;400 4.4.7 Message delayed' },
      {
        kind: 'failed',
        status: '5.4.300',
        diagnostic: "smtp;550 5.4.300 Message expired -> 451 4.4.0 DNS query failed for '{domain}'",
        delay: 100,
      },
    ],
  },
  row('delivered', 'delivered; a delivery report if one was asked for', {
    kind: 'delivered',
    status: '2.0.0',
    diagnostic: '',
    ifAsked: 'delivery',
  }),
  row('relayed', 'delivered; a relay report if a delivery report was asked for', {
    kind: 'relayed',
    status: '2.0.0',
    diagnostic: '',
    remote: true,
    ifAsked: 'delivery',
  }),
  {
    localPart: 'quarantined',
    meaning: 'held in quarantine: no copy, no report; the message trace says quarantined',
    delivered: false,
    reports: [],
    trace: 'quarantined',
  },
  {
    localPart: 'filtered-as-spam',
    meaning: 'filed as spam: no report; the message trace says filteredAsSpam',
    delivered: true,
    reports: [],
    trace: 'filteredAsSpam',
  },
  {
    ...row('expanded', 'a distribution list; an expansion report if a delivery report was asked for', {
      kind: 'expanded',
      status: '2.0.0',
      diagnostic: '',
      ifAsked: 'delivery',
    }),
    trace: 'expanded',
  },
  {
    localPart: 'delivered-then-failed',
    meaning: 'a delivery report in any case, later NDR 5.7.1',
    delivered: false,
    reports: [
      { kind: 'delivered', status: '2.0.0', diagnostic: '' },
      { kind: 'failed', status: '5.7.1', diagnostic: 'smtp;550 5.7.1 <{address}>: rejected by policy', remote: true, delay: 100 },
    ],
  },
  row('reads', 'delivered; a read receipt if one was asked for', { kind: 'read', status: '', diagnostic: '', ifAsked: 'read' }),
  row('not-read', 'delivered, deleted unread; a not-read receipt if a read receipt was asked for', {
    kind: 'notRead',
    status: '',
    diagnostic: '',
    ifAsked: 'read',
  }),
  ...(['German:de', 'French:fr', 'Italian:it', 'Dutch:nl', 'Portuguese:pt', 'Swedish:sv'] as const).map((one) => {
    const [name, language] = one.split(':') as [string, LanguageName];
    return row(`unknown-user-${name.toLowerCase()}`, `as unknown-user, NDR in ${name}`, { ...unknown, language });
  }),
  row('unknown-user-regenerated', 'NDR as Exchange re-generates it: X-Supplementary-Info, no Diagnostic-Code', {
    ...unknown,
    style: 'regenerated',
  }),
  row('unknown-user-unthreaded', "NDR of another tenant's postmaster, without In-Reply-To and References", {
    ...unknown,
    unthreaded: true,
  }),
  row('unknown-user-flattened', "Exchange's report as a gateway flattened it to plain text, stored as IPM.Note", {
    ...unknown,
    style: 'flattened',
  }),
  row('unknown-user-text-only', 'a notice of another MTA in plain text only', { ...unknown, style: 'textOnly', local: {} }),
  row('unknown-user-postfix', "a Postfix server's multipart/report, stored as IPM.Note", { ...unknown, style: 'postfix', local: {} }),
  row('unknown-user-junk', 'as unknown-user-postfix, but filed in Junk Email', { ...unknown, style: 'postfix', local: {}, junk: true }),
  row('unknown-user-twice', 'the same NDR twice', { ...unknown, copies: 2 }),
  row('unknown-user-late', 'NDR half a second after the others', { ...unknown, delay: 500 }),
  row('unknown-user-together', 'all such recipients of a mail, of whatever domain, in one NDR', { ...unknown, group: 'together' }),
  {
    localPart: 'failed-then-delayed',
    meaning: 'NDR 5.4.300, and after it the delay notice that is older',
    delivered: false,
    reports: [
      { kind: 'failed', status: '5.4.300', diagnostic: "smtp;550 5.4.300 Message expired -> 451 4.4.0 DNS query failed for '{domain}'" },
      { kind: 'delayed', status: '4.4.7', diagnostic: 'smtp;400 4.4.7 Message delayed', delay: 100 },
    ],
  },
  row('out-of-office', 'delivered; an automatic reply, which is no report', { kind: 'outOfOffice', status: '', diagnostic: '' }),
  row('complains', 'delivered; an abuse report (ARF), which says nothing of delivery', { kind: 'complaint', status: '', diagnostic: '' }),
  row('quotes-a-report', 'delivered; a person answers and quotes a non-delivery report', {
    kind: 'quotedReport',
    status: '5.1.1',
    diagnostic: 'smtp;550 5.1.1 <somebody.else@example.org>: Recipient address rejected',
  }),
];

const byLocalPart = new Map(magicRecipients.map((one) => [one.localPart, one]));

export function magicRowFor(address: string): MagicRow | undefined {
  const localPart = address.slice(0, address.lastIndexOf('@')).split('+')[0] ?? '';
  return byLocalPart.get(localPart.toLowerCase());
}
