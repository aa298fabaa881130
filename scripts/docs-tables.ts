// The tables of the documents that repeat a table in code, rendered from it. `--write` brings the documents up to date.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { openApi } from '../shared/adapters/http/openapi.ts';
import { ROUTES } from '../shared/adapters/http/routes.ts';
import { durationMs } from '../shared/domain/duration.ts';
import { type EventTypeRow, LIFECYCLE_CLOUD_EVENTS, STATE_CLOUD_EVENTS } from '../shared/domain/log/cloud-event-types.ts';
import { cellOf, EVENTS, isTerminal, STATES } from '../shared/domain/log/lifecycle.ts';
import { TELEMETRY_EVENTS } from '../shared/domain/log/telemetry-events.ts';
import { TELEMETRY_PROPERTIES } from '../shared/domain/log/telemetry-properties.ts';
import type { OutcomeRule } from '../shared/domain/submit/outcome-rule.ts';
import { OUTCOME_RULES } from '../shared/domain/submit/outcome-rules.ts';
import { intervalMs } from '../shared/domain/submit/retry-schedule.ts';
import type { Setting } from '../shared/settings/setting.ts';
import { SETTINGS } from '../shared/settings/settings.ts';
import { COMMANDS } from './commands.ts';
import { eventSchema } from './event-schema.ts';

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
}

/** States across, events down; `·` is ignored, `=` is recorded without a change, `!` is impossible. */
function lifecycle(): string {
  const signs: Record<string, string> = { same: '=', ignored: '·', impossible: '!' };
  const cell = (state: (typeof STATES)[number], event: (typeof EVENTS)[number]): string => {
    const { to, allFailed, proven, mayHaveGone } = cellOf(state, event);
    return (
      (signs[to] ?? to) + (mayHaveGone ? ` {${mayHaveGone}}` : '') + (proven ? ` [${proven}]` : '') + (allFailed ? ` (${allFailed})` : '')
    );
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
    rule.itemIsNew ? 'another send request made it, and it is not missing for `IN_DOUBT_GRACE` yet' : '',
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
    const isOfRequest = shared.every((name) => names.includes(name));
    const own = isOfRequest ? names.filter((name) => !shared.includes(name)) : names;
    return [...(isOfRequest ? ['*request*'] : []), ...own.map((name) => `\`${name}\``)].join(', ');
  };
  return [
    `*request* stands for ${shared.map((name) => `\`${name}\``).join(', ')}.`,
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

const commands = (): string =>
  table(
    ['command', 'does', 'exit code 1'],
    COMMANDS.map(({ name, does, exits }) => [`\`${name}\``, does, exits[1] ?? '']),
  );

/** From the routes and their description in OpenAPI. */
function endpoints(): string {
  const { paths } = openApi('') as { paths: Record<string, Record<string, { summary: string }>> };
  const access = new Map(ROUTES.flatMap((one) => Object.keys(one.operations).map((method) => [`${method} /${one.path}`, one.access])));
  const rows = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { summary }]) => {
      const call = `${method.toUpperCase()} ${path}`;
      return [`\`${call}\``, summary, access.get(call) ?? ''];
    }),
  );
  return table(['call', 'does', 'for'], rows);
}

const eventTypes = (head: string, rows: Readonly<Record<string, EventTypeRow>>): string =>
  table(
    [head, 'type', 'reason'],
    Object.entries(rows).map(([name, { type, reason }]) => [`\`${name}\``, type === undefined ? '–' : `\`${type}\``, reason]),
  );

const toldOfLifeCycle = Object.fromEntries(Object.entries(LIFECYCLE_CLOUD_EVENTS).filter(([, { type }]) => type !== undefined));

export const EVENT_SCHEMA = 'docs/events.schema.json';
export const eventSchemaText = (): string => `${JSON.stringify(eventSchema(), undefined, 2)}\n`;

const REFERENCE = 'docs/reference.md';

export const TABLES: Readonly<Record<string, { document: string; render: () => string }>> = {
  commands: { document: 'README.md', render: commands },
  endpoints: { document: 'README.md', render: endpoints },
  settings: { document: REFERENCE, render: settings },
  'retry-schedule': { document: REFERENCE, render: schedule },
  'outcome-rules': { document: REFERENCE, render: outcomes },
  lifecycle: { document: REFERENCE, render: lifecycle },
  'telemetry-events': { document: REFERENCE, render: telemetryEvents },
  'event-types-of-states': { document: 'docs/events.md', render: () => eventTypes('state', STATE_CLOUD_EVENTS) },
  'event-types-of-life-cycle': { document: 'docs/events.md', render: () => eventTypes('event', toldOfLifeCycle) },
  'telemetry-properties': { document: REFERENCE, render: telemetryProperties },
};

/** The document with the table between its markers; throws if the markers are missing. */
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
  writeFileSync(fileURLToPath(new URL(`../${EVENT_SCHEMA}`, import.meta.url)), eventSchemaText());
}
