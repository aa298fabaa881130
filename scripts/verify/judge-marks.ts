// Which of our marks survive, in the sender's copy and in what recipients get; found with the same searches that the queue uses.
import { MARK_HEADER, MARK_HEADER_PROPERTY, MARK_PROPERTY } from '../../shared/domain/doubt/marks.ts';
import type { Probe } from './probes.ts';
import { callOf, type Finding, finding, type Order, type Tools, userPath } from './verification.ts';
import type { Item, Seen } from './watch.ts';

interface Marked {
  probe: Probe;
  copy: Item;
  property: boolean;
  header: boolean;
  messageId: boolean;
}

async function carries({ probe: graph }: Tools, mailbox: string, item: Item, property: string, id: string): Promise<boolean> {
  const { json } = await graph.call({
    method: 'GET',
    path: userPath(mailbox, 'messages'),
    query: { $filter: `singleValueExtendedProperties/any(ep: ep/id eq '${property}' and ep/value eq '${id}')`, $select: 'id' },
  });
  return Array.isArray(json?.['value']) && (json['value'] as { id?: unknown }[]).some((row) => row.id === item.id);
}

async function lookAt(tools: Tools, mailbox: string, probe: Probe, copy: Item): Promise<Marked> {
  const named = await tools.graph.findByMessageId(callOf(tools, mailbox), probe.internetMessageId);
  return {
    probe,
    copy,
    property: await carries(tools, mailbox, copy, MARK_PROPERTY, probe.id),
    header: await carries(tools, mailbox, copy, MARK_HEADER_PROPERTY, probe.id),
    messageId: named.kind === 'answered' && (named.body ?? []).some(({ id }) => id === copy.id),
  };
}

const names = (marked: readonly Marked[]): string => marked.map(({ probe }) => probe.name).join(', ') || 'none';

/** `yes` if all of them have it. */
function share(id: string, question: string, asked: readonly Marked[], has: (one: Marked) => boolean): Finding {
  const without = asked.filter((one) => !has(one));
  if (asked.length === 0) return finding(id, question, 'unknown', 'no copy was seen');
  return finding(id, question, without.length === 0, without.length === 0 ? `in ${names(asked)}` : `not in ${names(without)}`);
}

const isFound = (one: Marked): boolean => one.property || one.header || one.messageId;

function foundAgain(format: 'json' | 'mime', marked: readonly Marked[]): Finding {
  const asked = marked.filter(({ probe }) => probe.format === format);
  const question = `Is a mail sent as ${format === 'json' ? 'JSON' : 'MIME'} found again by a mark of ours?`;
  return {
    ...share(`found-${format}`, question, asked, isFound),
    otherwise: 'set SUBMISSION_ROUTE to draft: doubts are then settled by the draft itself',
  };
}

export interface JudgedMarks {
  findings: Finding[];
  proven: { format: 'json' | 'mime'; mark: string }[];
}

export async function judgeMarks(tools: Tools, { mailbox }: Order, probes: readonly Probe[], seen: Seen): Promise<JudgedMarks> {
  const marked: Marked[] = [];
  for (const probe of probes) {
    const copy = seen.sightings.get(probe.name)?.copy;
    if (copy) marked.push(await lookAt(tools, mailbox, probe, copy));
  }
  const json = marked.filter(({ probe }) => probe.format === 'json');
  const mime = marked.filter(({ probe }) => probe.format === 'mime');
  const proven = (['json', 'mime'] as const).flatMap((format) => {
    const one = marked.find((candidate) => candidate.probe.format === format && isFound(candidate));
    return one ? [{ format, mark: one.property || one.header ? 'mark' : 'messageId' }] : [];
  });
  const findings = [
    foundAgain('json', marked),
    foundAgain('mime', marked),
    share('message-id-json', 'Does the copy of a JSON mail keep our Message-ID?', json, (one) => one.messageId),
    share('message-id-mime', 'Does the copy of a MIME mail keep our Message-ID?', mime, (one) => one.messageId),
    share('property-json', 'Does the copy of a JSON mail keep our extended property?', json, (one) => one.property),
    share('header-json', 'Is our header of a JSON mail a property of its copy?', json, (one) => one.header),
    share('header-mime', 'Is our header of a MIME mail a property of its copy?', mime, (one) => one.header),
  ];
  return { findings, proven };
}

/** What recipients get: one of them is the mailbox itself. */
export async function judgeArrivals(tools: Tools, { mailbox }: Order, probes: readonly Probe[], seen: Seen): Promise<Finding[]> {
  const messageIds = { kept: [] as string[], lost: [] as string[] };
  const headers = { kept: [] as string[], lost: [] as string[] };
  const properties = { kept: [] as string[], lost: [] as string[] };
  let bytes: boolean | undefined;
  for (const probe of probes) {
    const arrival = seen.sightings.get(probe.name)?.arrivals[0];
    if (!arrival) continue;
    const mime = await tools.graph.getMime(callOf(tools, mailbox), arrival.id);
    const source = mime.kind === 'answered' && mime.body ? new TextDecoder('latin1').decode(mime.body) : '';
    const put = ({ kept, lost }: typeof headers, has: boolean) => (has ? kept : lost).push(probe.name);
    put(messageIds, arrival.internetMessageId === probe.internetMessageId);
    put(headers, new RegExp(`^${MARK_HEADER}:\\s*${probe.id}\\s*$`, 'im').test(source));
    put(properties, !(await carries(tools, mailbox, arrival, MARK_PROPERTY, probe.id)));
    const signed = probe.mime?.slice(probe.mime.indexOf('--part-of-a-verification'));
    if (signed !== undefined) bytes = (bytes ?? true) && source.includes(signed);
  }
  const told = (id: string, question: string, { kept, lost }: typeof headers): Finding => {
    if (kept.length + lost.length === 0) return finding(id, question, 'unknown', 'nothing arrived');
    return finding(id, question, lost.length === 0, lost.length === 0 ? `in ${kept.join(', ')}` : `not in ${lost.join(', ')}`);
  };
  return [
    told('recipient-message-id', 'Do recipients get our Message-ID?', messageIds),
    told('recipient-header', 'Do recipients get our header?', headers),
    told('recipient-property', 'Is our extended property absent from the mail that recipients get?', properties),
    finding(
      'mime-bytes',
      'Does signed MIME arrive byte for byte below its header?',
      bytes ?? 'unknown',
      bytes === undefined
        ? 'no MIME mail arrived'
        : bytes
          ? 'both parts and what is between them'
          : 'it was changed, so S/MIME signatures would break',
    ),
  ];
}
