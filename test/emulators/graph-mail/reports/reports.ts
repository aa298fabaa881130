// Step 7 of a Graph mail: which reports a mail brings, and their way into the mailbox of its From.

import { headerValue, splitMessage } from '../mime/header-block.ts';
import { readMime } from '../mime/read.ts';
import type { Directory } from '../store/directory.ts';
import { domainOf } from '../store/directory.ts';
import type { RecipientRecord, TransportRecord } from '../transport/journal.ts';
import type { Route } from '../transport/route.ts';
import { storeDelivered } from '../transport/store-delivered.ts';
import { composeReport } from './compose.ts';
import type { ReportPlan } from './plan.ts';

export interface ReportedRecipient {
  readonly address: string;
  readonly plan: ReportPlan;
}

export interface PlannedReport {
  readonly plan: ReportPlan;
  readonly recipients: readonly ReportedRecipient[];
  readonly delay: number;
}

function isAsked(plan: ReportPlan, mime: Buffer): boolean {
  if (plan.ifAsked === undefined) return true;
  return headerValue(splitMessage(mime), plan.ifAsked === 'read' ? 'Disposition-Notification-To' : 'Return-Receipt-To') !== undefined;
}

/** Recipients that one server speaks of share a report; what people send is each one's own. */
function groupKey(address: string, plan: ReportPlan, local: boolean): string {
  if (!['failed', 'delayed', 'delivered', 'relayed', 'expanded'].includes(plan.kind)) return address;
  const { kind, style, language, unthreaded, copies, delay, group, junk } = plan;
  const place = group ?? (local ? 'tenant' : domainOf(address));
  return JSON.stringify([place, kind, style, language, unthreaded, copies, delay, junk]);
}

export function planReports(record: TransportRecord, routes: readonly { recipient: RecipientRecord; route: Route }[]): PlannedReport[] {
  const groups = new Map<string, PlannedReport & { recipients: ReportedRecipient[] }>();
  for (const { recipient, route } of routes) {
    for (const plan of route.reports) {
      if (!isAsked(plan, record.mime)) continue;
      const key = groupKey(recipient.address, plan, route.local);
      const group = groups.get(key) ?? { plan, recipients: [], delay: plan.delay ?? 0 };
      group.recipients.push({ address: recipient.address, plan });
      groups.set(key, group);
    }
  }
  return [...groups.values()];
}

/** What Exchange writes into mail that was submitted within the organization: https://learn.microsoft.com/exchange/mail-flow/mail-routing/header-firewall */
const INTERNAL = Buffer.from('X-MS-Exchange-Organization-AuthAs: Internal\r\n');

/** A report of another tenant's postmaster comes from outside. */
const isOurs = ({ unthreaded }: ReportPlan, itemClass: string): boolean => itemClass.startsWith('REPORT.') && !unthreaded;

export async function deliverReport(
  record: TransportRecord,
  report: PlannedReport,
  directory: Directory,
  now: number,
  showAuthAs: boolean,
): Promise<void> {
  const mailbox = directory.find(record.from);
  if (mailbox === undefined) return;
  for (let copy = 0; copy < (report.plan.copies ?? 1); copy++) {
    const composed = await composeReport({ report, original: record.mime, sender: record.from, now });
    const { itemClass } = composed;
    const mime = showAuthAs && isOurs(report.plan, itemClass) ? Buffer.concat([INTERNAL, composed.mime]) : composed.mime;
    const content = await readMime(mime, now);
    const attachments = itemClass.startsWith('REPORT.') ? [] : content.attachments;
    storeDelivered(mailbox, { ...content, itemClass, attachments }, now, report.plan.junk ? 'junkemail' : 'inbox');
  }
}
