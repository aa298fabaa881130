// The KQL files are valid, and name only what the code emits: a query over an event that nobody writes would stay empty for ever.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { STATES } from '../../../shared/domain/log/lifecycle.ts';
import { OUTCOME_RULES } from '../../../shared/domain/submit/outcome-rules.ts';
import { INFRA, ROOT } from './bicep.ts';
import { analyse } from './kusto.ts';
import { registeredFunctions } from './registered-functions.ts';
import { VOCABULARY } from './vocabulary.ts';

const FOLDER = join(INFRA, 'monitoring/queries');
const QUERIES = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.kql'))
  .map((file) => ({ name: file.replace('.kql', ''), text: readFileSync(join(FOLDER, file), 'utf8') }));

/** Values that a query compares a column with: `column == 'a'`, `column in ('a', 'b')`. */
function compared(text: string, column: string): string[] {
  const pattern = new RegExp(`\\b${column}\\s*(?:==|in)\\s*(\\([^)]*\\)|'[^']*')`, 'g');
  return [...text.matchAll(pattern)].flatMap((m) => [...(m[1] ?? '').matchAll(/'([^']*)'/g)].map((v) => v[1] as string));
}

const prelude = (text: string): string => /let events = [\s\S]*?;\n/.exec(text)?.[0] ?? '';

describe.each(QUERIES)('query $name', ({ text }) => {
  it('asks one question, in words', () => {
    expect(text.split('\n')[0]).toMatch(/^\/\/ .*\?/);
  });

  it('is valid for the tables of the workspace', () => {
    const { problems, columns } = analyse(text);
    expect(problems).toEqual([]);
    expect(columns.length).toBeGreaterThan(0);
  });

  it('names events that the code emits', () => {
    expect(compared(text, 'event').filter((event) => !VOCABULARY.has(event))).toEqual([]);
  });

  it('names properties that one of its events has', () => {
    const events = compared(text, 'event');
    const possible = new Set((events.length > 0 ? events : [...VOCABULARY.keys()]).flatMap((event) => [...(VOCABULARY.get(event) ?? [])]));
    const body = text.replace(prelude(text), '');
    const named = [...body.matchAll(/\bline\.(\w+)/g)].map((m) => m[1] as string);
    expect(named.filter((name) => !possible.has(name))).toEqual([]);
  });

  it('names states of the life cycle', () => {
    expect(compared(text, 'status').filter((state) => !(STATES as readonly string[]).includes(state))).toEqual([]);
  });

  it('names functions that are registered', () => {
    expect(compared(text, 'Name').filter((name) => !registeredFunctions.includes(name))).toEqual([]);
  });
});

describe('OPERATIONS.md', () => {
  const operations = readFileSync(join(ROOT, 'OPERATIONS.md'), 'utf8');
  /** In a table a vertical bar is escaped. */
  const asked = [...operations.matchAll(/\bask "(?!\$)([^"]+)"/g)].map((match) => (match[1] as string).replaceAll('\\|', '|'));

  it('asks something', () => expect(asked.length).toBeGreaterThan(3));

  it.each(asked)('asks what is valid for the tables of the workspace: %s', (query) => {
    expect(analyse(query).problems).toEqual([]);
  });

  it('names queries that there are', () => {
    const named = [...operations.matchAll(/`(?:infra\/monitoring\/queries\/)?([a-z-]+)\.kql`/g)].map((match) => match[1]);
    expect(named.filter((name) => !QUERIES.some((query) => query.name === name))).toEqual([]);
  });
});

it('all queries over events read the log lines in the same way', () => {
  const preludes = new Set(QUERIES.filter((q) => q.text.includes('AppTraces')).map((q) => prelude(q.text)));
  expect(preludes.size).toBe(1);
  const [only = ''] = preludes;
  const everything = new Set([...VOCABULARY.values()].flatMap((names) => [...names]));
  const named = [...only.matchAll(/\bline\.(\w+)/g)].map((m) => m[1] as string).filter((name) => name !== 'event');
  expect(named.filter((name) => !everything.has(name))).toEqual([]);
});

it('each table ends its line: the deployment puts the filter by this installation below it', () => {
  for (const { text } of QUERIES) expect(text).not.toMatch(/^[^/\n]*\bApp(Traces|Requests|Exceptions)\b(?!\n)/m);
});

it('what an alert counts is never sampled away', () => {
  const host = JSON.parse(readFileSync(join(ROOT, 'host.json'), 'utf8'));
  const kept: string[] = host.logging.applicationInsights.samplingSettings.excludedTypes.split(';');
  const types: Record<string, string> = { AppTraces: 'Trace', AppExceptions: 'Exception', AppRequests: 'Request' };
  const counted = new Set(QUERIES.flatMap((q) => [...q.text.matchAll(/\b(App[A-Z]\w+)\b/g)].map((m) => m[1] as string)));
  expect([...counted].filter((table) => !kept.includes(types[table] ?? table))).toEqual([]);
});

it('the host lets through what each function tells, and of its own lines about it those of failures', () => {
  const host = JSON.parse(readFileSync(join(ROOT, 'host.json'), 'utf8'));
  const own = registeredFunctions.map((name) => [`Function.${name}.User`, 'Information']);
  expect(host.logging.logLevel).toEqual({ default: 'Information', Function: 'Warning', ...Object.fromEntries(own) });
});

it('every outcome rule that alerts an operator is in a query that does', () => {
  const isAlerting = (effect: string): boolean => effect === 'alertOperator' || effect === 'alertAfterAnHour';
  // The reconciler's own.
  const alerting = ['copy-in-drafts', ...OUTCOME_RULES.filter((rule) => rule.effects?.some(isAlerting)).map((rule) => rule.id)];
  const queried = QUERIES.flatMap((q) => compared(q.text, 'rule'));
  expect([...new Set(queried)].sort()).toEqual(alerting.sort());
});

it('what no query may find is found out: a table, a column, a name that needs brackets', () => {
  expect(analyse('AppTrace | take 1').problems).not.toEqual([]);
  expect(analyse('AppTraces | where Messages == "x"').problems).not.toEqual([]);
  expect(analyse('AppTraces | summarize last = max(TimeGenerated)').problems).not.toEqual([]);
});
