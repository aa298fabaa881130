// What a report on an address that does not exist looks like in this tenant, and whether it is matched with its mail.
import { candidateMessageIds, evidenceOf } from '../../shared/domain/reconcile/report-events.ts';
import type { Probe } from './probes.ts';
import { type Finding, finding, type Order } from './verification.ts';
import { reportOf, type Seen, type SeenReport } from './watch.ts';

const same = (a: string | undefined, b: string): boolean => a?.toLowerCase() === b.toLowerCase();

/** How a report names the mail, in the order in which the queue asks. */
function tiesOf({ report }: SeenReport, { internetMessageId, id }: Probe): string[] {
  const { inReplyTo, references, originalMessageId, sendRequestHeader } = report.correlation;
  return [
    ...(inReplyTo.some((one) => same(one, internetMessageId)) ? ['In-Reply-To'] : []),
    ...(same(references.at(-1), internetMessageId) ? ['References'] : []),
    ...(same(originalMessageId, internetMessageId) ? ["the returned original's Message-ID"] : []),
    ...(same(sendRequestHeader, id) ? ['our header in the returned original'] : []),
  ];
}

function judge(probe: Probe, seen: Seen, order: Order): Finding[] {
  const { format } = probe;
  const matched = `Is a report on a mail sent as ${format === 'json' ? 'JSON' : 'MIME'} matched with it?`;
  const returned = `Does our header of a ${format === 'json' ? 'JSON' : 'MIME'} mail come back in its report?`;
  const found = reportOf(seen, probe);
  if (!found) {
    const why = probe.failure ?? `no report on ${order.unknown} came within ${Math.round(order.patienceMs / 1000)} s`;
    return [finding(`report-${format}`, matched, 'unknown', why), finding(`report-header-${format}`, returned, 'unknown', why)];
  }
  const ties = tiesOf(found, probe);
  const header = same(found.report.correlation.sendRequestHeader, probe.id);
  const nothing = `by nothing; it names ${candidateMessageIds(found.report).join(', ') || 'no Message-ID'}`;
  return [
    finding(
      `report-${format}`,
      matched,
      ties.length > 0,
      ties.length > 0 ? `by ${ties.join(', ')}` : nothing,
      'the queue cannot match such reports, and only counts them (event reportOfNobody)',
    ),
    finding(`report-header-${format}`, returned, header, header ? 'x-send-request-id' : 'not in what was returned'),
  ];
}

/** Whether only our own organization's Exchange can have made it. */
export const isExchanges = ({ itemClass, report }: SeenReport): boolean => evidenceOf(itemClass, report) === 'exchangeReport';

export function judgeReports(order: Order, probes: readonly Probe[], seen: Seen): Finding[] {
  const unreachable = probes.filter(({ to }) => to !== order.mailbox);
  const [any] = seen.reports;
  const classQuestion = "Can Exchange's own reports be told from a stranger's (report class, X-MS-Exchange-Organization-AuthAs: Internal)?";
  const sourceQuestion = 'Is the MIME of a report the one that was received, and not generated again?';
  if (!any) {
    const none = 'no report was seen';
    return [
      ...unreachable.flatMap((probe) => judge(probe, seen, order)),
      finding('report-class', classQuestion, 'unknown', none),
      finding('report-source', sourceQuestion, 'unknown', none),
    ];
  }
  const own = isExchanges(any);
  const regenerated = /^X-Supplementary-Info:/im.test(any.mime);
  return [
    ...unreachable.flatMap((probe) => judge(probe, seen, order)),
    finding(
      'report-class',
      classQuestion,
      own,
      `${any.itemClass ?? 'no class is shown'}, ${any.report.ofOwnOrganization ? 'made by our own organization' : 'nothing shows who made it'}`,
      'the queue marks their outcomes as evidence: mail; they settle no doubt and set no pause',
    ),
    finding('report-source', sourceQuestion, !regenerated, regenerated ? 'X-Supplementary-Info: generated again' : 'as received'),
  ];
}
