// The parsers against labelled real mails: a table of what is right, and a floor below which it must not fall.

import { expect, test } from 'vitest';
import { sameAddress } from '../../../shared/domain/address/address.ts';
import { parseReport } from '../../../shared/domain/reports/parse-report.ts';
import type { Report, ReportedRecipient } from '../../../shared/domain/reports/report.ts';
import { CORPUS_IS_HERE, type ExpectedRecipient, type Labelled, labelledMails, rawMail } from './corpus.ts';

type Measure = 'kind' | 'recipients' | 'status' | 'action' | 'disposition' | 'Message-ID';
type Table = Map<string, Map<Measure, { right: number; of: number }>>;

const NO_REPORT = new Set(['autoreply', 'ordinary', 'arf']);

/**
 * What is reached. What is missing are labels that we read otherwise: two groups without a blank line between them are two recipients
 * (2 files), two addresses that failed are two recipients (1), a forwarded bounce is no report (2), a mail that was given up has
 * failed even if its cause was temporary (16), a warning is a delay (4), the Status field comes before other words (2), and codes that
 * nobody wrote are not made up (2).
 */
const FLOOR: Readonly<Record<string, Partial<Record<Measure, number>>>> = {
  'status part': { kind: 236, recipients: 234, status: 233, action: 233, 'Message-ID': 216 },
  'text only': { kind: 222, recipients: 218, status: 95, action: 202, 'Message-ID': 25 },
  Microsoft: { kind: 35, recipients: 35, status: 25, action: 35, 'Message-ID': 25 },
  mdn: { kind: 3, recipients: 3, disposition: 3, 'Message-ID': 1 },
  'no report': { kind: 120 },
};

test.skipIf(!CORPUS_IS_HERE)('labelled real mails (skipped where the folder with them is absent)', async () => {
  const table: Table = new Map();
  for (const labelled of labelledMails()) {
    const measures = compare(labelled, await parseReport(rawMail(labelled.file)));
    for (const row of rows(labelled)) for (const [measure, right] of measures) count(table, row, measure, right);
  }
  console.log(print(table));
  for (const [row, floors] of Object.entries(FLOOR)) {
    for (const [measure, floor] of Object.entries(floors)) {
      expect(table.get(row)?.get(measure as Measure)?.right, `${row}: ${measure}`).toBeGreaterThanOrEqual(floor);
    }
  }
});

function rows({ kind, family, structure }: Labelled): string[] {
  if (NO_REPORT.has(kind)) return ['no report', `kind ${kind}`];
  if (kind === 'mdn') return ['mdn'];
  const microsoft = /exchange|hotmail/.test(family) ? ['Microsoft'] : [];
  return [structure.dsn_part ? 'status part' : 'text only', ...microsoft, `kind ${kind}`, `family ${family}`];
}

function compare({ kind, expected }: Labelled, report: Report): Array<[Measure, boolean]> {
  const found: Array<[Measure, boolean]> = [['kind', report.kind === (NO_REPORT.has(kind) ? 'none' : kind)]];
  const pairs = expected.recipients.map((label) => [label, report.recipients.find((recipient) => isSame(label, recipient))] as const);
  if (pairs.length > 0) {
    const addresses = new Set(report.recipients.map(({ address }) => address));
    found.push([
      'recipients',
      pairs.every(([, recipient]) => recipient) && addresses.size === new Set(pairs.map(([label]) => label.recipient)).size,
    ]);
  }
  for (const measure of ['status', 'action', 'disposition'] as const) {
    const labelled = pairs.filter(([label]) => label[measure] !== undefined);
    if (labelled.length > 0) found.push([measure, labelled.every(([label, recipient]) => accepts(label, measure, recipient))]);
  }
  if (expected.original_message_id) found.push(['Message-ID', report.originalMessageId === expected.original_message_id]);
  return found;
}

function isSame(label: ExpectedRecipient, recipient: ReportedRecipient): boolean {
  // Labels have local parts without the quotes that they need.
  return [label.recipient, ...(label.recipient_alt ?? [])].some((address) => sameAddress(address, recipient.address));
}

function accepts(
  label: ExpectedRecipient,
  measure: 'status' | 'action' | 'disposition',
  recipient: ReportedRecipient | undefined,
): boolean {
  const others = measure === 'status' ? (label.status_alt ?? []) : [];
  return recipient !== undefined && [label[measure], ...others].includes(recipient[measure]);
}

function count(table: Table, row: string, measure: Measure, right: boolean): void {
  const cells = table.get(row) ?? new Map();
  const cell = cells.get(measure) ?? { right: 0, of: 0 };
  table.set(row, cells.set(measure, { right: cell.right + Number(right), of: cell.of + 1 }));
}

function print(table: Table): string {
  return [...table]
    .sort(([left], [right]) => left.localeCompare(right))
    .map(
      ([row, cells]) => `${row.padEnd(30)}${[...cells].map(([measure, { right, of }]) => `${measure} ${right}/${of}`.padEnd(20)).join('')}`,
    )
    .join('\n');
}
