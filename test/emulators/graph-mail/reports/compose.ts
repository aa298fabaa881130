// Which writer makes which report, and the item class under which Exchange stores it (MS-OXOMSG 2.2.3).
import { composeExchangeReport } from './exchange.ts';
import { composePostfixReport, composeTextOnlyReport } from './foreign.ts';
import type { ComposedReport, ReportInput } from './original.ts';
import { composeReceipt } from './receipts.ts';

export function composeReport(input: ReportInput): Promise<ComposedReport> {
  const { kind, style = 'exchange' } = input.report.plan;
  if (kind === 'read' || kind === 'notRead') return composeReceipt(input);
  if (style === 'postfix') return composePostfixReport(input);
  if (style === 'textOnly') return composeTextOnlyReport(input);
  return composeExchangeReport(input);
}
