// The tables of the documents that repeat a table in code, rendered from it. `--write` brings the documents up to date.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { durationMs } from '../shared/domain/duration.ts';
import { cellOf, EVENTS, isTerminal, STATES } from '../shared/domain/log/lifecycle.ts';
import { TELEMETRY_EVENTS, TELEMETRY_PROPERTIES } from '../shared/domain/log/telemetry-events.ts';
import type { OutcomeRule } from '../shared/domain/submit/outcome-rule.ts';
import { OUTCOME_RULES } from '../shared/domain/submit/outcome-rules.ts';
import { intervalMs } from '../shared/domain/submit/retry-schedule.ts';
import { SETTINGS, type Setting } from '../shared/settings.ts';

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
}

/** States across, events down; `·` is ignored, `=` is recorded without a change, `!` is impossible. */
function lifecycle(): string {
  const signs: Record<string, string> = { same: '=', ignored: '·', impossible: '!' };
  const cell = (state: (typeof STATES)[number], event: (typeof EVENTS)[number]): string => {
    const { to, allFailed, proven } = cellOf(state, event);
    return (signs[to] ?? to) + (proven ? ` [${proven}]` : '') + (allFailed ? ` (${allFailed})` : '');
  };
  const head = ['event', ...STATES.map((state) => (isTerminal(state) ? `*${state}*` : state))];
  return table(
    head,
    EVENTS.map((event) => [event, ...STATES.map((state) => cell(state, event))]),
  );
}

const statusOf = ({ status }: OutcomeRule): string =>
  status === undefined ? '' : 'from' in status ? `${status.from}–${status.to}` : status.join(', ');

function conditions(rule: OutcomeRule): string {
  const parts = [
    rule.kind === 'notSent' ? 'not sent' : rule.kind === 'noAnswer' ? 'no answer' : '',
    statusOf(rule),
    rule.codes?.map((code) => `\`${code}\``).join(', ') ?? '',
    rule.retryAfter ? 'with Retry-After' : '',
    rule.missingForLong ? 'every answer for `MAILBOX_MISSING_AFTER`' : '',
    rule.namesItem ? 'the operation names a message' : '',
    rule.itemIsNew ? 'another send request made it; not every answer for `IN_DOUBT_GRACE`' : '',
    rule.sendIssued ? 'a send was issued before' : '',
  ];
  return parts.filter(Boolean).join('; ') || 'anything else';
}

const outcomes = (): string =>
  table(
    ['rule', 'calls', 'answer', 'outcome', 'also', 'reason', 'source'],
    OUTCOME_RULES.map((rule) => [
      rule.id,
      rule.calls?.join(', ') ?? 'any',
      conditions(rule),
      rule.outcome,
      rule.effects?.join(', ') ?? '',
      rule.reason,
      rule.source,
    ]),
  );

function clockTime(ms: number): string {
  const units: [string, number][] = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['min', 60_000],
    ['s', 1_000],
  ];
  const parts: string[] = [];
  let rest = ms;
  for (const [unit, size] of units) {
    if (rest >= size) parts.push(`${Math.floor(rest / size)} ${unit}`);
    rest %= size;
  }
  return parts.join(' ') || '0 s';
}

const settingOf = (name: string): Setting => SETTINGS.find((setting) => setting.name === name) as Setting;

/** With the defaults of Azure and without jitter, up to the end of the lifetime. */
function schedule(): string {
  const policy = {
    initialIntervalMs: durationMs(settingOf('RETRY_INITIAL_INTERVAL').default as string),
    backoffCoefficient: Number(settingOf('RETRY_BACKOFF_COEFFICIENT').default),
    maximumIntervalMs: durationMs(settingOf('RETRY_MAXIMUM_INTERVAL').default as string),
  };
  const lifetime = durationMs(settingOf('SEND_LIFETIME').default as string);
  const rows: string[][] = [];
  let total = 0;
  for (let attempt = 1; total < lifetime && attempt <= 12; attempt++) {
    const wait = intervalMs(policy, attempt);
    rows.push([String(attempt), clockTime(total), clockTime(wait)]);
    total += wait;
  }
  return table(['attempt', 'at', 'then waits'], rows);
}

function settings(): string {
  const kindOf = ({ kind }: Setting): string => (typeof kind === 'string' ? kind : kind.map((value) => `\`${value}\``).join(', '));
  return table(
    ['setting', 'kind', 'default', 'meaning', 'example'],
    SETTINGS.map((setting: Setting) => [
      `\`${setting.name}\``,
      kindOf(setting),
      setting.default ? `\`${setting.default}\`` : '–',
      setting.meaning,
      `\`${setting.example}\``,
    ]),
  );
}

/** The properties that most events share are named once, above the table. */
function telemetryEvents(): string {
  const shared: readonly string[] = TELEMETRY_EVENTS.enqueued.properties;
  const properties = (names: readonly string[]): string => {
    const isLife = shared.every((name) => names.includes(name));
    const own = isLife ? names.filter((name) => !shared.includes(name)) : names;
    return [...(isLife ? ['*life*'] : []), ...own.map((name) => `\`${name}\``)].join(', ');
  };
  return [
    `*life* stands for ${shared.map((name) => `\`${name}\``).join(', ')}.`,
    '',
    table(
      ['event', 'meaning', 'properties'],
      Object.entries(TELEMETRY_EVENTS).map(([name, event]) => [`\`${name}\``, event.meaning, properties(event.properties)]),
    ),
  ].join('\n');
}

const telemetryProperties = (): string =>
  table(
    ['property', 'kind', 'meaning'],
    Object.entries(TELEMETRY_PROPERTIES).map(([name, { kind, meaning }]) => [`\`${name}\``, kind, meaning]),
  );

export const TABLES: Readonly<Record<string, { document: string; render: () => string }>> = {
  lifecycle: { document: 'ARCHITECTURE.md', render: lifecycle },
  'outcome-rules': { document: 'ARCHITECTURE.md', render: outcomes },
  'retry-schedule': { document: 'OPERATIONS.md', render: schedule },
  settings: { document: 'OPERATIONS.md', render: settings },
  'telemetry-events': { document: 'OPERATIONS.md', render: telemetryEvents },
  'telemetry-properties': { document: 'OPERATIONS.md', render: telemetryProperties },
};

/** The document with the table between its markers; throws where the markers are missing. */
export function withTable(document: string, name: string, content: string): string {
  const begin = `<!-- table: ${name} -->`;
  const end = `<!-- end of table: ${name} -->`;
  const from = document.indexOf(begin);
  const to = document.indexOf(end);
  if (from < 0 || to < from) throw new Error(`the markers of table ${name} are missing`);
  return `${document.slice(0, from + begin.length)}\n${content}\n${document.slice(to)}`;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href && process.argv.includes('--write')) {
  for (const [name, { document, render }] of Object.entries(TABLES)) {
    const path = fileURLToPath(new URL(`../${document}`, import.meta.url));
    writeFileSync(path, withTable(readFileSync(path, 'utf8'), name, render()));
  }
}
