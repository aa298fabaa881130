// Alerts and workbook use the query files, all of them, and each alert leads to its section of the runbook.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PAGES, workbook } from '../../../infra/monitoring/workbook.ts';
import { at, bicepFile, children, INFRA, literal, made, ofType, properties, ROOT, variable } from './bicep.ts';
import { analyse } from './kusto.ts';

const queryFiles = readdirSync(join(INFRA, 'monitoring/queries')).map((file) => file.replace('.kql', ''));
const rules = children(variable('modules/alerts.bicep', 'rules')).map((rule) => {
  const found = properties(rule);
  return {
    name: String(literal(found.get('name'))),
    query: /queries\/([\w-]+)\.kql/.exec(found.get('query')?.text ?? '')?.[1] ?? '',
    severity: Number(literal(found.get('severity'))),
    every: String(literal(found.get('every'))),
    range: String(literal(found.get('range'))),
  };
});

/** Frequencies and windows that scheduled query rules take, https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-create-log-alert-rule */
const TIMES = ['PT5M', 'PT10M', 'PT15M', 'PT30M', 'PT45M', 'PT1H', 'PT2H', 'PT3H', 'PT4H', 'PT5H', 'PT6H', 'P1D', 'P2D'];

describe.each(rules)('alert $name', ({ name, query, severity, every, range }) => {
  it('is named like the query that makes it fire', () => {
    expect(query).toBe(name);
    expect(queryFiles).toContain(query);
  });

  it('looks back at least as far as the time between two looks', () => {
    expect(TIMES.indexOf(every)).toBeGreaterThanOrEqual(0);
    expect(TIMES.indexOf(range)).toBeGreaterThanOrEqual(TIMES.indexOf(every));
    expect(severity).toBeLessThanOrEqual(3);
  });

  it('counts rows by the time of the look, not by the time of the event, where its query looks back for days', () => {
    const { columns } = analyse(readFileSync(join(INFRA, 'monitoring/queries', `${query}.kql`), 'utf8'));
    if (['P1D', 'P2D'].includes(range)) expect(columns).not.toContain('TimeGenerated');
  });
});

it('each alert has a scenario that makes its condition true', () => {
  const scenarios = readFileSync(join(ROOT, 'test/scenarios/alerts.test.ts'), 'utf8');
  expect(rules.map(({ name }) => name).filter((name) => !scenarios.includes(`'${name}`) && !scenarios.includes(`, ${name}`))).toEqual([]);
});

it('each condition that an operator must know of has an alert', () => {
  expect(rules.map((r) => r.name)).toEqual(
    expect.arrayContaining([
      'set-aside',
      'overdue',
      'oldest-open',
      'own-account',
      'unlisted-answers',
      'authorization',
      'doubts-open',
      'reconciler-silent',
      'failure-rate',
    ]),
  );
});

it('query alerts fire on the first row, since thresholds are whole numbers', () => {
  const [rule] = made('Microsoft.Insights/scheduledQueryRules');
  if (!rule) throw new Error('no rule');
  const [criterion] = children(at(rule.body, 'properties.criteria.allOf') ?? rule.body);
  const said = properties(criterion ?? rule.body);
  expect([literal(said.get('timeAggregation')), literal(said.get('operator')), literal(said.get('threshold'))]).toEqual([
    'Count',
    'GreaterThan',
    0,
  ]);
});

it('each alert names its section of the runbook', () => {
  expect(bicepFile('modules/alerts.bicep').text).toMatch(/description: 'Runbook: \$\{runbookUri\}#\$\{rule\.name\}'/);
});

const runbook = readFileSync(join(ROOT, 'OPERATIONS.md'), 'utf8');
const written = runbook.includes('\n## Alerts\n');

it.skipIf(!written)(
  `each alert has its section of the runbook${written ? '' : ' (skipped: OPERATIONS.md has no chapter "Alerts")'}`,
  () => {
    const headings = [...runbook.matchAll(/^### ([\w-]+)$/gm)].map((m) => m[1]);
    expect([...rules.map((r) => r.name), 'dead-letters-stay'].filter((name) => !headings.includes(name))).toEqual([]);
  },
);

describe('workbook', () => {
  const text = readFileSync(join(INFRA, 'monitoring/workbook.json'), 'utf8');

  it('is what its pages and the query files make (node --import tsx infra/monitoring/workbook.ts writes it)', () => {
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(workbook())));
  });

  it('fits into a Bicep file', () => {
    expect(text.length).toBeLessThan(131_072);
  });

  it('shows every query once', () => {
    const shown = PAGES.flatMap((page) => page.panels.map((panel) => panel.query));
    expect(shown.sort()).toEqual(queryFiles.sort());
  });

  it('lets a row of a table of requests be selected, where its query has the id', () => {
    for (const panel of PAGES.flatMap((page) => page.panels).filter((p) => p.selects)) {
      const { columns } = analyse(readFileSync(join(INFRA, 'monitoring/queries', `${panel.query}.kql`), 'utf8'));
      expect(columns).toContain('sendRequestId');
    }
  });

  it('is filled in with the workspace by the deployment', () => {
    expect(text).toContain('{workspaceId}');
    expect(ofType(bicepFile('modules/workbook.bicep').root, 'call_expression').map((n) => n.text)).toEqual(
      expect.arrayContaining([expect.stringContaining("'{workspaceId}', workspaceId")]),
    );
  });
});
