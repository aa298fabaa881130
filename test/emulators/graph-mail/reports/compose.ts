// Which writer makes which report, and the item class under which Exchange stores it (MS-OXOMSG 2.2.3).
import { composeExchangeReport, composeFlattenedReport } from './exchange.ts';
import { composePostfixReport, composeTextOnlyReport } from './foreign.ts';
import { composeComplaint, composeOutOfOffice, composeQuotedReport } from './no-reports.ts';
import type { ComposedReport, ReportInput } from './original.ts';
import type { ReportPlan } from './plan.ts';
import { composeReceipt } from './receipts.ts';

type Compose = (input: ReportInput) => Promise<ComposedReport>;

const byStyle: Record<NonNullable<ReportPlan['style']>, Compose> = {
  exchange: composeExchangeReport,
  regenerated: composeExchangeReport,
  flattened: composeFlattenedReport,
  postfix: composePostfixReport,
  textOnly: composeTextOnlyReport,
};

const byKind: Partial<Record<ReportPlan['kind'], Compose>> = {
  read: composeReceipt,
  notRead: composeReceipt,
  outOfOffice: composeOutOfOffice,
  complaint: composeComplaint,
  quotedReport: composeQuotedReport,
};

export function composeReport(input: ReportInput): Promise<ComposedReport> {
  const { kind, style = 'exchange' } = input.report.plan;
  return (byKind[kind] ?? byStyle[style])(input);
}
