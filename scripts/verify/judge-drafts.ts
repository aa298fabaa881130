// What becomes of a draft that is sent: its id, its flags, and a second `/send`.
import { describeAnswer } from '../../shared/domain/submit/outcome-rule.ts';
import type { Probe } from './probes.ts';
import { callOf, type Finding, finding, type Order, type Tools } from './verification.ts';
import { listSince, type Seen } from './watch.ts';

/** A second mail is waited for that many times as long as the copy of the first one took. */
const PATIENCE_FACTOR = 3;
const LEAST_POLLS = 5;

async function judgeSecondSend(tools: Tools, order: Order, probe: Probe, lagMs: number, startedAt: number): Promise<Finding> {
  const question = 'Is a second `/send` of the same draft refused, or at least without a second mail?';
  const otherwise = 'the queue never repeats a `/send` unless the draft shows that it was not sent';
  const answer = await tools.graph.sendDraft(callOf(tools, order.mailbox), probe.draftId ?? '');
  const said = answer.kind === 'answered' && answer.status === 202 ? '202' : describeAnswer(answer);
  if (said !== '202') return finding('second-send', question, true, `answered ${said}`, otherwise);
  const wait = Math.max(LEAST_POLLS * order.pollMs, PATIENCE_FACTOR * lagMs);
  await tools.sleep(Math.min(order.patienceMs, wait));
  const listed = await listSince(tools, order.mailbox, startedAt);
  const mails = listed.filter(({ subject, isDraft }) => subject === probe.subject && !isDraft).length;
  // The copy, and one arrival.
  return finding(
    'second-send',
    question,
    mails <= 2,
    mails <= 2 ? 'answered 202, and no second mail came' : 'answered 202, and a second mail came',
    otherwise,
  );
}

function judgeIds(drafts: readonly Probe[], seen: Seen): Finding {
  const question = 'Is the immutable id of a draft the id of its copy in Sent Items?';
  const sent = drafts.flatMap((probe) => {
    const copy = seen.sightings.get(probe.name)?.copy;
    return copy && probe.draftId !== undefined ? [{ probe, same: copy.id === probe.draftId }] : [];
  });
  if (sent.length === 0) return finding('immutable-id', question, 'unknown', 'no copy of a draft was seen');
  const changed = sent.filter(({ same }) => !same).map(({ probe }) => probe.name);
  const otherwise = 'the queue settles a `/send` in doubt by the marks, or by the fact that the draft is gone after the grace';
  return finding(
    'immutable-id',
    question,
    changed.length === 0,
    changed.length === 0 ? 'the same' : `another id: ${changed.join(', ')}`,
    otherwise,
  );
}

export async function judgeDrafts(tools: Tools, order: Order, probes: readonly Probe[], seen: Seen, startedAt: number): Promise<Finding[]> {
  const drafts = probes.filter(({ route, acceptedAt }) => route === 'draft' && acceptedAt !== undefined);
  const readable = drafts.map(({ flagsReadable }) => flagsReadable).filter((one) => one !== undefined);
  const flags = finding(
    'message-flags',
    'Can PidTagMessageFlags of a draft be read, which shows whether it was submitted?',
    readable.length === 0 ? 'unknown' : readable.every(Boolean),
    readable.length === 0 ? 'no draft was made' : readable.every(Boolean) ? 'Integer 0x0E07 is there' : 'Integer 0x0E07 is not shown',
    'a draft that still is in Drafts after the grace counts as not sent',
  );
  const first = drafts.find(({ format, name }) => format === 'json' && seen.sightings.get(name)?.copy);
  const second = first
    ? await judgeSecondSend(tools, order, first, seen.sightings.get(first.name)?.lagMs ?? 0, startedAt)
    : finding(
        'second-send',
        'Is a second `/send` of the same draft refused, or at least without a second mail?',
        'unknown',
        'no draft was seen to be sent',
      );
  return [judgeIds(drafts, seen), flags, second];
}
