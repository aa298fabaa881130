// Alerts and workbook use the query files, all of them, and each alert leads to its section of the runbook.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PAGES, workbook } from '../../../infra/monitoring/workbook.ts';
import { deployed, ENOUGH, INFRA, ofType, one, onTemplate, type Resource, ROOT } from './bicep.ts';
import { analyse } from './kusto.ts';

const queryFiles = readdirSync(join(INFRA, 'monitoring/queries')).map((file) => file.replace('.kql', ''));
const queryOf = (name: string): string => readFileSync(join(INFRA, 'monitoring/queries', `${name}.kql`), 'utf8');

interface QueryAlert {
  name: string;
  severity: number;
  every: string;
  range: string;
  query: string;
  criterion: Record<string, unknown>;
  description: string;
}

/** The alert's own name: that of the resource, less what is the installation's. */
const ownName = (name: string): string => name.replace(/^mail-[a-z0-9]{8}-/, '');

const queryAlerts = async (): Promise<QueryAlert[]> =>
  ofType(await deployed(), 'Microsoft.Insights/scheduledQueryRules').map(({ name, properties }) => ({
    name: ownName(name),
    severity: properties.severity,
    every: properties.evaluationFrequency,
    range: properties.windowSize,
    query: properties.criteria.allOf[0].query,
    criterion: properties.criteria.allOf[0],
    description: properties.description,
  }));

const metricAlerts = async (): Promise<Resource[]> => ofType(await deployed(), 'Microsoft.Insights/metricAlerts');

/** Frequencies and windows that scheduled query rules take, https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-create-log-alert-rule */
const TIMES = ['PT5M', 'PT10M', 'PT15M', 'PT30M', 'PT45M', 'PT1H', 'PT2H', 'PT3H', 'PT4H', 'PT5H', 'PT6H', 'P1D', 'P2D'];

onTemplate('query alerts', () => {
  it('are named like the query that makes them fire, and ask it of this installation only', async () => {
    const componentId = one(await deployed(), 'Microsoft.Insights/components').id;
    for (const { name, query } of await queryAlerts()) {
      expect(queryFiles).toContain(name);
      const own = queryOf(name).replace(/(App[A-Z]\w+)\n/g, `$1\n    | where _ResourceId =~ '${componentId}'\n`);
      expect(query).toBe(own);
      expect(query).toContain(componentId);
      expect(analyse(query).problems).toEqual([]);
    }
  });

  it('look back at least as far as the time between two looks', async () => {
    for (const { every, range, severity } of await queryAlerts()) {
      expect(TIMES.indexOf(every)).toBeGreaterThanOrEqual(0);
      expect(TIMES.indexOf(range)).toBeGreaterThanOrEqual(TIMES.indexOf(every));
      expect(severity).toBeLessThanOrEqual(3);
    }
  });

  it('count rows by the time of the look, not by the time of the event, if they look back for days', async () => {
    for (const { range, query } of await queryAlerts())
      if (['P1D', 'P2D'].includes(range)) expect(analyse(query).columns).not.toContain('TimeGenerated');
  });

  it('fire on the first row, since thresholds are whole numbers', async () => {
    for (const { criterion } of await queryAlerts())
      expect(criterion).toMatchObject({ timeAggregation: 'Count', operator: 'GreaterThan', threshold: 0 });
  });

  it('have a scenario each that makes their condition true', async () => {
    const files = ['alerts.test.ts', 'alerts-http-api.test.ts'];
    const scenarios = files.map((file) => readFileSync(join(ROOT, 'test/scenarios', file), 'utf8')).join('');
    const names = (await queryAlerts()).map(({ name }) => name);
    expect(names.filter((name) => !scenarios.includes(`'${name}`) && !scenarios.includes(`, ${name}`))).toEqual([]);
  });

  it('wake nobody at night for a right that has not spread yet: two hours are looked at, and one mailbox is no emergency', async () => {
    const found = new Map((await queryAlerts()).map((alert) => [alert.name, alert]));
    expect(found.get('authorization')).toMatchObject({ severity: 0, range: 'PT2H' });
    expect(found.get('authorization')?.query).toContain("rule == 'token-refused' or mailboxes >= 3");
    expect(found.get('mailbox-refused')?.severity).toBeGreaterThan(1);
    expect(found.get('mailbox-refused')?.query).toContain('lastSeen - firstSeen > 2h');
    expect((await queryAlerts()).filter(({ severity }) => severity === 0).map(({ name }) => name)).toEqual(['authorization']);
  });
});

onTemplate('alerts', () => {
  it('are there for each condition that an operator must know of', async () => {
    const names = [...(await queryAlerts()).map(({ name }) => name), ...(await metricAlerts()).map(({ name }) => ownName(name))];
    expect(names.sort()).toEqual(
      [
        ...['authorization', 'callers-refused', 'dead-letters-stay', 'doubts-open', 'draft-left', 'failure-rate', 'function-failures'],
        ...['events-refused', 'events-waiting'],
        ...['limit-near', 'mailbox-refused', 'mailboxes-unreadable', 'not-ready', 'oldest-open', 'overdue', 'own-account'],
        ...['own-tenant', 'purge-silent'],
        ...['queue-filling', 'queue-nearly-full', 'queue-server-errors', 'queue-throttled', 'reconciler-silent', 'sender-policy'],
        ...['server-errors', 'set-aside', 'stores-out-of-reach', 'unexpected-error', 'unlisted-answers'],
      ].sort(),
    );
  });

  it('name their section of the runbook, which is there', async () => {
    const headings = [...runbook.matchAll(/^### ([\w-]+)$/gm)].map((m) => m[1]);
    const described = [...ofType(await deployed(), 'Microsoft.Insights/scheduledQueryRules'), ...(await metricAlerts())];
    for (const { name, properties } of described) {
      expect(properties.description).toContain(`Runbook: OPERATIONS.md#${ownName(name)}`);
      expect(headings).toContain(ownName(name));
    }
  });

  it('are as many as the page of costs says', async () => {
    const often = (times: readonly string[]) => queryAlerts().then((alerts) => alerts.filter(({ every }) => times.includes(every)).length);
    const others = TIMES.filter((time) => !['PT5M', 'PT15M'].includes(time));
    const [five, fifteen, seldom] = await Promise.all([often(['PT5M']), often(['PT15M']), often(others)]);
    const costs = readFileSync(join(INFRA, 'COSTS.md'), 'utf8');
    expect(costs).toContain(`${five} each five minutes, ${fifteen} each quarter of an hour, ${seldom} more seldom`);
  });

  it('of metrics count this queue only', async () => {
    const criteria = (await metricAlerts()).flatMap(({ properties }) => properties.criteria.allOf ?? []);
    expect(criteria).toHaveLength(5);
    for (const { dimensions } of criteria) expect(dimensions).toMatchObject([{ name: 'EntityName', values: ['send-requests'] }]);
  });

  it('ask /health/ready from outside, unless the app is reached through a private endpoint only', async () => {
    const test = one(await deployed(), 'Microsoft.Insights/webtests');
    expect(test.properties.Request.RequestUrl).toContain('/health/ready');
    const hidden = { ...ENOUGH, networkIsolation: true, privateIngress: true, serviceBusSku: 'Premium' };
    expect(ofType(await deployed(hidden), 'Microsoft.Insights/webtests')).toEqual([]);
  });
});

const runbook = readFileSync(join(ROOT, 'OPERATIONS.md'), 'utf8');
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
});

onTemplate('the workbook in Azure', () => {
  it('is filled in with the workspace, and asks of this installation only', async () => {
    const text: string = one(await deployed(), 'Microsoft.Insights/workbooks').properties.serializedData;
    const componentId = one(await deployed(), 'Microsoft.Insights/components').id;
    expect(text).not.toContain('{workspaceId}');
    const { items } = JSON.parse(text) as { items: { type: number; content: { query: string } }[] };
    const queries = items.filter(({ type }) => type === 3).map(({ content }) => content.query);
    expect(queries).toHaveLength(queryFiles.length);
    for (const query of queries) expect(query).toContain(`\n    | where _ResourceId =~ '${componentId}'\n`);
  });
});
