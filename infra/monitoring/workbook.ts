// The workbook's pages as data, and the file that Bicep deploys, made from them and from queries/*.kql: `node --import tsx infra/monitoring/workbook.ts`.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Panel {
  query: string;
  title: string;
  chart?: 'timechart' | 'linechart' | 'barchart';
  /** Half the page's width. */
  half?: boolean;
  /** A click on a row shows that request's timeline at the end of the page. */
  selects?: boolean;
  empty?: string;
}

interface Page {
  heading: string;
  text: string;
  panels: readonly Panel[];
}

/** Top down, in the order in which an operator asks. */
export const PAGES: readonly Page[] = [
  {
    heading: 'Is mail flowing?',
    text: 'Enqueued by applications, accepted by Graph, seen in Sent Items: three lines of the same height, shortly after one another.',
    panels: [
      { query: 'flow', title: 'Send requests per five minutes', chart: 'timechart' },
      { query: 'mailboxes', title: 'By mailbox', empty: 'No mail.' },
      { query: 'latency', title: 'Seconds from the POST to acceptance and to the copy in Sent Items', chart: 'linechart' },
    ],
  },
  {
    heading: 'What waits, and why?',
    text: 'Deferred is normal while Graph throttles. Overdue is not: the queue message of such a request does not come back.',
    panels: [
      { query: 'waiting', title: 'Waiting by state and last error', half: true, empty: 'Nothing waits.' },
      { query: 'overdue', title: 'Past their next attempt by ten minutes', half: true, selects: true, empty: 'Nothing is overdue.' },
      { query: 'open-requests', title: 'Not with Graph yet, the longest first', selects: true, empty: 'Everything is with Graph.' },
      { query: 'oldest-open', title: 'Waiting for more than six hours', selects: true, empty: 'Nothing has waited that long.' },
    ],
  },
  {
    heading: 'Which mailboxes are throttled, blocked or out of our reach?',
    text: 'Throttled mailboxes heal by themselves; the other tables ask for somebody who can change something.',
    panels: [
      { query: 'held', title: 'Throttled or held back', half: true, empty: 'None.' },
      { query: 'own-tenant', title: 'The whole tenant is blocked or over a limit', half: true, empty: 'It is not.' },
      { query: 'limit-near', title: 'Daily limits of Exchange of which four fifths are used', half: true, empty: 'None.' },
      { query: 'own-account', title: 'Blocked, full or over their quota', half: true, empty: 'None.' },
      { query: 'unlisted-answers', title: 'Neither accepted nor refused for an hour', half: true, empty: 'None.' },
      {
        query: 'authorization',
        title: 'Graph refuses our tokens, or access to three or more mailboxes',
        half: true,
        empty: 'It does not.',
      },
      { query: 'mailbox-refused', title: 'Mailboxes refused for more than two hours', half: true, empty: 'None.' },
      { query: 'draft-left', title: 'Drafts left behind', half: true, selects: true, empty: 'None.' },
      { query: 'mailboxes-unreadable', title: 'Could not be reconciled', half: true, empty: 'None.' },
      { query: 'sender-policy', title: 'Sender policy missing or broken', empty: 'It is in force.' },
    ],
  },
  {
    heading: 'What failed?',
    text: 'Refused by Graph, not delivered to a recipient, expired, or set aside.',
    panels: [
      { query: 'failures', title: 'Failures by kind, code and mailbox', empty: 'Nothing failed.' },
      {
        query: 'partly-failed',
        title: 'Sent, but a recipient failed',
        half: true,
        selects: true,
        empty: 'No mail failed for some of its recipients only.',
      },
      { query: 'failure-rate', title: 'More than a tenth of what was finished failed', half: true, empty: 'Fewer than a tenth.' },
      { query: 'set-aside', title: 'Dead letters and poison', half: true, selects: true, empty: 'None.' },
    ],
  },
  {
    heading: 'What is in doubt, and how did doubts end?',
    text: 'A doubt begins when Graph did not answer, and ends by looking into the mailbox. Unaccounted means that nobody could tell.',
    panels: [
      { query: 'doubts', title: 'Doubts by the state that they led to', half: true, empty: 'No doubts.' },
      { query: 'doubts-open', title: 'Unresolved for an hour, or unaccounted', half: true, selects: true, empty: 'None.' },
    ],
  },
  {
    heading: 'Is the queue itself well?',
    text: 'The reconciler runs each minute. A function that throws is a bug.',
    panels: [
      { query: 'reconciler', title: 'Mailboxes visited, and left for later', chart: 'timechart' },
      { query: 'reconciler-silent', title: 'Reconciler silent (a row here means: no run at all)', half: true, empty: 'It runs.' },
      { query: 'stores-out-of-reach', title: 'Table, blobs or queue out of reach', half: true, empty: 'All in reach.' },
      { query: 'function-failures', title: 'Functions that threw', half: true, empty: 'None.' },
      { query: 'server-errors', title: 'HTTP API: more than a twentieth ends in 5xx', half: true, empty: 'Less than that.' },
      { query: 'unexpected-error', title: 'Callers got 500', half: true, empty: 'None.' },
      { query: 'callers-refused', title: 'Callers refused fifty times and more', half: true, empty: 'None.' },
      {
        query: 'purge-silent',
        title: 'Purge silent (a row here means: no run for a day)',
        half: true,
        empty: 'It runs, or the time above is less than a day.',
      },
      { query: 'events-waiting', title: 'Events that Event Grid does not take', half: true, empty: 'None wait for a quarter of an hour.' },
      { query: 'events-refused', title: 'Events that Event Grid refused', half: true, selects: true, empty: 'None.' },
      { query: 'exceptions', title: 'Exceptions', half: true, empty: 'None.' },
    ],
  },
  {
    heading: 'What costs?',
    text: 'Executions and their time, by function; always-ready instances cost without any execution.',
    panels: [{ query: 'cost', title: 'Executions', empty: 'No executions.' }],
  },
  {
    heading: 'One send request',
    text: 'Enter its id above, or click a row in a table of requests.',
    panels: [{ query: 'timeline', title: 'Timeline', empty: 'No event of that id in this time.' }],
  },
];

const WORKSPACES = 'microsoft.operationalinsights/workspaces';
const HOUR = 3_600_000;

const queryText = (name: string): string => readFileSync(join(import.meta.dirname, 'queries', `${name}.kql`), 'utf8');

function panelItem(panel: Panel) {
  return {
    type: 3,
    name: panel.query,
    ...(panel.half && { customWidth: '50' }),
    content: {
      version: 'KqlItem/1.0',
      query: queryText(panel.query),
      size: 1,
      title: panel.title,
      timeContextFromParameter: 'TimeRange',
      queryType: 0,
      resourceType: WORKSPACES,
      visualization: panel.chart ?? 'table',
      ...(panel.empty && { noDataMessage: panel.empty, noDataMessageStyle: 3 }),
      ...(panel.selects && { exportFieldName: 'sendRequestId', exportParameterName: 'Selected', exportDefaultValue: '' }),
    },
  };
}

const parameters = {
  type: 9,
  name: 'parameters',
  content: {
    version: 'KqlParameterItem/1.0',
    style: 'pills',
    queryType: 0,
    resourceType: WORKSPACES,
    parameters: [
      {
        id: 'b0b7c6f2-5f0e-4b4b-9d4e-0a8d1c7a1e01',
        version: 'KqlParameterItem/1.0',
        name: 'TimeRange',
        label: 'Time',
        type: 4,
        isRequired: true,
        value: { durationMs: 24 * HOUR },
        typeSettings: { selectableValues: [1, 4, 24, 72, 168, 720].map((hours) => ({ durationMs: hours * HOUR })), allowCustom: true },
      },
      {
        id: 'b0b7c6f2-5f0e-4b4b-9d4e-0a8d1c7a1e02',
        version: 'KqlParameterItem/1.0',
        name: 'SendRequestId',
        label: 'Send request',
        type: 1,
        value: '',
      },
    ],
  },
};

/** What the portal shows; `{workspaceId}` is put in by the deployment. */
export function workbook() {
  return {
    version: 'Notebook/1.0',
    items: [
      parameters,
      ...PAGES.flatMap(({ heading, text, panels }) => [
        { type: 1, name: heading, content: { json: `## ${heading}\n${text}` } },
        ...panels.map(panelItem),
      ]),
    ],
    fallbackResourceIds: ['{workspaceId}'],
    $schema: 'https://github.com/Microsoft/Application-Insights-Workbooks/blob/master/schema/workbook.json',
  };
}

if (process.argv[1] === import.meta.filename) {
  writeFileSync(join(import.meta.dirname, 'workbook.json'), `${JSON.stringify(workbook(), undefined, 2)}\n`);
}
