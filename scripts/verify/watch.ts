// Waits for the copies in Sent Items, the arrivals in the Inbox and the reports. Mails are recognised by their subjects, so that lost marks do not matter.
import { parseReport } from '../../shared/domain/reports/parse-report.ts';
import type { Report } from '../../shared/domain/reports/report.ts';
import type { Probe } from './probes.ts';
import { callOf, type Order, type Tools, userPath } from './verification.ts';

export interface Item {
  id: string;
  internetMessageId: string;
  from: string;
}

export interface Sighting {
  copy?: Item;
  /** Milliseconds from acceptance until the copy was seen. */
  lagMs?: number;
  arrivals: Item[];
}

export interface SeenReport {
  itemClass: string | undefined;
  id: string;
  report: Report;
  mime: string;
}

export interface Seen {
  /** By the probe's name. */
  sightings: Map<string, Sighting>;
  reports: SeenReport[];
}

interface Listed extends Item {
  subject: string;
  folder: string;
  isDraft: boolean;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

function toListed(row: Record<string, unknown>): Listed {
  const from = (row['from'] as { emailAddress?: { address?: unknown } } | null | undefined)?.emailAddress?.address;
  return {
    id: text(row['id']),
    internetMessageId: text(row['internetMessageId']),
    subject: text(row['subject']),
    folder: text(row['parentFolderId']),
    isDraft: row['isDraft'] === true,
    from: text(from),
  };
}

const secondsOf = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** Everything that the whole mailbox has received since the start, Sent Items included. */
export async function listSince({ probe }: Tools, mailbox: string, startedAt: number): Promise<Listed[]> {
  const { json } = await probe.call({
    method: 'GET',
    path: userPath(mailbox, 'messages'),
    query: {
      $filter: `receivedDateTime ge ${secondsOf(startedAt - 60_000)}`,
      $orderby: 'receivedDateTime desc',
      $top: '200',
      $select: 'id,subject,internetMessageId,parentFolderId,isDraft,from',
    },
  });
  return Array.isArray(json?.['value']) ? (json['value'] as Record<string, unknown>[]).map(toListed) : [];
}

export async function sentItemsId({ probe }: Tools, mailbox: string): Promise<string> {
  const { json } = await probe.call({ method: 'GET', path: userPath(mailbox, 'mailFolders/sentitems'), query: { $select: 'id' } });
  return text(json?.['id']);
}

function note(seen: Seen, probes: readonly Probe[], listed: readonly Listed[], sentItems: string, now: number): void {
  for (const probe of probes) {
    const own = listed.filter(({ subject, isDraft }) => subject === probe.subject && !isDraft);
    const sighting = seen.sightings.get(probe.name) ?? { arrivals: [] };
    const copy = own.find(({ folder }) => folder === sentItems);
    if (copy && !sighting.copy) {
      sighting.copy = copy;
      sighting.lagMs = now - (probe.acceptedAt ?? now);
    }
    sighting.arrivals = own.filter(({ folder }) => folder !== sentItems);
    seen.sightings.set(probe.name, sighting);
  }
}

async function noteReports(tools: Tools, mailbox: string, startedAt: number, run: string, seen: Seen): Promise<void> {
  const page = await tools.graph.listReports(callOf(tools, mailbox), { since: secondsOf(startedAt - 60_000) });
  if (page.kind !== 'answered' || !page.body) return;
  for (const { id, itemClass } of page.body.items) {
    if (seen.reports.some((one) => one.id === id)) continue;
    const mime = await tools.graph.getMime(callOf(tools, mailbox), id);
    if (mime.kind !== 'answered' || !mime.body) continue;
    const report = await parseReport(mime.body, itemClass === undefined ? {} : { itemClass });
    if (report.kind !== 'none' && (report.subject ?? '').includes(run))
      seen.reports.push({ id, itemClass, report, mime: new TextDecoder('latin1').decode(mime.body) });
  }
}

/** The report that names this probe by its Message-ID, our header, or its subject. */
export const reportOf = ({ reports }: Seen, probe: Probe): SeenReport | undefined =>
  reports.find(({ report }) => (report.subject ?? '').endsWith(probe.subject));

function isComplete(seen: Seen, probes: readonly Probe[], mailbox: string): boolean {
  return probes.every((probe) => {
    if (probe.acceptedAt === undefined) return true;
    const sighting = seen.sightings.get(probe.name);
    if (!sighting?.copy) return false;
    return probe.to === mailbox ? sighting.arrivals.length > 0 : reportOf(seen, probe) !== undefined;
  });
}

export async function watch(tools: Tools, order: Order, probes: readonly Probe[], run: string, startedAt: number): Promise<Seen> {
  const seen: Seen = { sightings: new Map(), reports: [] };
  const sentItems = await sentItemsId(tools, order.mailbox);
  for (const end = tools.clock.now() + order.patienceMs; tools.clock.now() < end; await tools.sleep(order.pollMs)) {
    const listed = await listSince(tools, order.mailbox, startedAt);
    note(seen, probes, listed, sentItems, tools.clock.now());
    await noteReports(tools, order.mailbox, startedAt, run, seen);
    if (isComplete(seen, probes, order.mailbox)) break;
  }
  return seen;
}
