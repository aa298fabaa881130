// From the actions of a report's recipients to the report's kind.

import type { Action, ReportedRecipient, ReportKind } from './report.ts';

/** Most severe first, as MS-OXCMAIL 2.2.3.7.1 orders them. */
const KINDS: ReadonlyArray<readonly [Action, ReportKind]> = [
  ['failed', 'ndr'],
  ['delayed', 'delay'],
  ['relayed', 'relayed'],
  ['delivered', 'delivered'],
  ['expanded', 'expanded'],
];

/** The most severe action names the report; one that names no known action says at least that something went wrong. */
export function kindOf(recipients: readonly ReportedRecipient[]): ReportKind {
  return KINDS.find(([action]) => recipients.some((recipient) => recipient.action === action))?.[1] ?? 'ndr';
}

export function actionOf(kind: ReportKind): Action | undefined {
  return KINDS.find(([, known]) => known === kind)?.[0];
}
