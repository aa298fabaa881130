// What only Exchange writes: X-Supplementary-Info, report item classes, the header that marks an NDR.

import type { ReportKind } from './report.ts';

export type SupplementaryInfo = { remoteMta?: string; status?: string; diagnosticCode?: string };

/** MS-OXCMAIL 2.2.3.7.1.2: `"<" [remote-mta] SP "#" status [SP diagnostic-code] ">"`; Exchange also glues the code to the status with `;` or none. */
export function readSupplementaryInfo(value: string | undefined): SupplementaryInfo {
  const match = /^<?\s*([^\s<>#]*)\s*#\s*([245]\.\d{1,3}\.\d{1,3})(.*)$/s.exec(value ?? '');
  if (!match) return {};
  const diagnosticCode = match[3]!.trim().replace(/>$/, '').trim();
  return { ...(match[1] ? { remoteMta: match[1] } : {}), status: match[2]!, ...(diagnosticCode ? { diagnosticCode } : {}) };
}

export type ItemClass = { kind: ReportKind; disposition?: string };

/** Suffixes of `REPORT.IPM.Note...` (MS-OXCMAIL 2.2.3.7); the longer suffix comes first. */
const ITEM_CLASSES: ReadonlyArray<readonly [string, ItemClass]> = [
  ['.delayed.dr', { kind: 'delay' }],
  ['.relayed.dr', { kind: 'relayed' }],
  ['.expanded.dr', { kind: 'expanded' }],
  ['.dr', { kind: 'delivered' }],
  ['.ndr', { kind: 'ndr' }],
  ['.ipnrn', { kind: 'mdn', disposition: 'displayed' }],
  ['.ipnnrn', { kind: 'mdn', disposition: 'deleted' }],
];

export function readItemClass(itemClass: string | undefined): ItemClass | undefined {
  const lower = itemClass?.toLowerCase() ?? '';
  return lower.startsWith('report.') ? ITEM_CLASSES.find(([suffix]) => lower.endsWith(suffix))?.[1] : undefined;
}
