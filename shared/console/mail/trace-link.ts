// The link to the telemetry of one send request: the portal's page for logs, with the query filled in.
import type { ConsoleConfig } from '../../ports/console-page.ts';

/** As in infra/monitoring/queries/timeline.kql, by the names that the portal's page of a component has for the tables. */
const queryFor = (id: string): string =>
  [
    'traces',
    `| where message startswith_cs '{"event":'`,
    '| extend line = parse_json(message)',
    `| where tostring(line.sendRequestId) == '${id}'`,
    '| project timestamp, event = tostring(line.event), status = tostring(line.status), attempt = toint(line.attempt), line',
    '| order by timestamp asc',
  ].join('\n');

/** The portal takes a query as gzip in base64. */
async function packed(text: string): Promise<string> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  return btoa(String.fromCharCode(...bytes));
}

/** Undefined if the deployment has named no Application Insights. */
export async function traceLink({ applicationInsights, portal }: ConsoleConfig, id: string): Promise<string | undefined> {
  if (applicationInsights === undefined || portal === undefined) return undefined;
  const resource = encodeURIComponent(applicationInsights);
  const query = encodeURIComponent(await packed(queryFor(id)));
  const page = 'blade/Microsoft_OperationsManagementSuite_Workspace/Logs.ReactView';
  return `${portal}/${page}/resourceId/${resource}/source/LogsBlade.AnalyticsShareLinkToQuery/q/${query}/timespan/P30D`;
}
