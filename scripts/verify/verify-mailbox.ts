// Sends marked mails from a mailbox to itself and to an address that does not exist, and says which assumptions of the queue hold in the tenant.

import { judgeDrafts } from './judge-drafts.ts';
import { judgeArrivals, judgeMarks } from './judge-marks.ts';
import { isExchanges, judgeReports } from './judge-reports.ts';
import { makeProbes, type Probe, submitProbes } from './probes.ts';
import { tryOut } from './try-out.ts';
import { type Finding, finding, type Order, recommendedGrace, type Tools, userPath, type Verification } from './verification.ts';
import { listSince, type Seen, watch } from './watch.ts';

/** The assumptions of the queue; the other findings are only worth knowing. */
const NEEDED = ['accepted', 'copies', 'found-json', 'found-mime', 'report-json', 'report-mime', 'second-send'];

function judgeAcceptance(probes: readonly Probe[]): Finding {
  const refused = probes.filter(({ failure }) => failure !== undefined);
  const detail = refused.length === 0 ? `${probes.length} mails` : refused.map(({ name, failure }) => `${name}: ${failure}`).join('; ');
  return finding('accepted', 'Does Graph take mail from this mailbox, in both formats and on both routes?', refused.length === 0, detail);
}

const inSeconds = (ms: number): string => `${Math.round(ms / 100) / 10} s`;

function judgeCopies(probes: readonly Probe[], seen: Seen, { patienceMs }: Order): { finding: Finding; longestLagMs: number | undefined } {
  const accepted = probes.filter(({ acceptedAt }) => acceptedAt !== undefined);
  const lags = accepted.map(({ name }) => seen.sightings.get(name)?.lagMs);
  const missing = accepted.filter((_, index) => lags[index] === undefined).map(({ name }) => name);
  const question = 'Does the copy of every mail come to Sent Items?';
  const known = lags.filter((lag) => lag !== undefined);
  if (accepted.length === 0) return { finding: finding('copies', question, 'unknown', 'nothing was accepted'), longestLagMs: undefined };
  if (missing.length > 0) {
    return {
      finding: finding('copies', question, false, `not within ${inSeconds(patienceMs)}: ${missing.join(', ')}`),
      longestLagMs: undefined,
    };
  }
  const longestLagMs = Math.max(...known);
  return { finding: finding('copies', question, true, `the last one within ${inSeconds(longestLagMs)}`), longestLagMs };
}

/** Everything of this run, reports included: their subjects name it. */
async function cleanUp(tools: Tools, order: Order, run: string, startedAt: number): Promise<void> {
  for (const { id, subject } of await listSince(tools, order.mailbox, startedAt)) {
    if (subject.includes(run))
      await tools.probe.call({ method: 'DELETE', path: userPath(order.mailbox, `messages/${encodeURIComponent(id)}`) });
  }
}

export async function verifyMailbox(tools: Tools, order: Order): Promise<Verification> {
  const startedAt = tools.clock.now();
  const run = Buffer.from(tools.chance.bytes(4)).toString('hex');
  const probes = makeProbes(tools, order, run);
  await submitProbes(tools, order, probes);
  const seen = await watch(tools, order, probes, run, startedAt);
  const copies = judgeCopies(probes, seen, order);
  const marks = await judgeMarks(tools, order, probes, seen);
  const findings = [
    judgeAcceptance(probes),
    copies.finding,
    ...marks.findings,
    ...(await judgeArrivals(tools, order, probes, seen)),
    ...judgeReports(order, probes, seen),
    ...(await judgeDrafts(tools, order, probes, seen, startedAt)),
    ...(await tryOut(tools, order, probes, seen, run, startedAt)),
  ];
  for (const { format, mark } of marks.proven) await tools.proofs?.noteMatch(format, mark);
  if (seen.reports.some(isExchanges)) await tools.proofs?.noteMatch('reports', 'AuthAs: Internal');
  if (!order.keep) await cleanUp(tools, order, run, startedAt);
  return {
    findings,
    longestLagMs: copies.longestLagMs,
    recommendedGraceMs: copies.longestLagMs === undefined ? undefined : recommendedGrace(copies.longestLagMs),
    proven: marks.proven.map(({ format }) => format),
    holds: findings.every(({ id, verdict }) => verdict === 'yes' || !NEEDED.includes(id)),
  };
}
