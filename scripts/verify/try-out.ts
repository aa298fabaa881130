// Small tests of Graph's behaviour that need no waiting: searches, limits, and what a tenant does with a foreign From.
import { encodeBase64 } from '../../shared/domain/content/base64.ts';
import { MARK_HEADER_PROPERTY, MARK_PROPERTY } from '../../shared/domain/doubt/marks.ts';
import type { ProbeAnswer } from '../../shared/ports/graph-probe.ts';
import type { Probe } from './probes.ts';
import { callOf, type Finding, finding, type Order, type Tools, userPath } from './verification.ts';
import { listSince, type Seen } from './watch.ts';

const JSON_TYPE = 'application/json';
const said = ({ status, code, text }: ProbeAnswer): string => (status === 0 ? text : `${status}${code ? ` ${code}` : ''}`);
const idOf = ({ json }: ProbeAnswer): string => (typeof json?.['id'] === 'string' ? json['id'] : '');
const messagePath = (mailbox: string, id: string, rest = ''): string => userPath(mailbox, `messages/${encodeURIComponent(id)}${rest}`);

async function removeItem({ probe }: Tools, mailbox: string, id: string): Promise<void> {
  if (id) await probe.call({ method: 'DELETE', path: messagePath(mailbox, id) });
}

/** The delta query is how copies are seen at all; the mark comes with it. */
async function tryDelta(tools: Tools, { mailbox }: Order, probes: readonly Probe[], seen: Seen, startedAt: number): Promise<Finding> {
  const question = 'Does the delta query of Sent Items show copies with our mark?';
  const expected = probes.filter(({ format, name }) => format === 'json' && seen.sightings.get(name)?.copy);
  if (expected.length === 0) return finding('delta', question, 'unknown', 'no copy was seen');
  const marks = new Set<string>();
  const ids = new Set<string>();
  let from: { link: string } | { since: string } = { since: new Date(startedAt - 60_000).toISOString() };
  for (let pages = 0; pages < 20; pages++) {
    const answer = await tools.graph.sentItemsDelta(callOf(tools, mailbox), from);
    if (answer.kind !== 'answered' || !answer.body) return finding('delta', question, false, 'it was refused');
    for (const { id, mark } of answer.body.copies) {
      ids.add(id);
      if (mark !== undefined) marks.add(mark);
    }
    if (!answer.body.nextLink) break;
    from = { link: answer.body.nextLink };
  }
  const marked = expected.filter(({ id }) => marks.has(id)).length;
  const listed = expected.filter(({ name }) => ids.has(seen.sightings.get(name)?.copy?.id ?? '')).length;
  const detail = `${listed} of ${expected.length} copies, ${marked} with their mark`;
  return finding('delta', question, marked === expected.length, detail, 'the queue recognizes copies by their Message-ID, or by a search');
}

async function tryExpandOr({ probe }: Tools, { mailbox }: Order, seen: Seen): Promise<Finding> {
  const question = 'Does $expand give two extended properties at once?';
  const copy = seen.sightings.get('json-direct')?.copy ?? seen.sightings.get('json-draft')?.copy;
  if (!copy) return finding('expand-or', question, 'unknown', 'no copy was seen');
  const $expand = `singleValueExtendedProperties($filter=id eq '${MARK_PROPERTY}' or id eq '${MARK_HEADER_PROPERTY}')`;
  const answer = await probe.call({ method: 'GET', path: messagePath(mailbox, copy.id), query: { $select: 'id', $expand } });
  const count = Array.isArray(answer.json?.['singleValueExtendedProperties']) ? answer.json['singleValueExtendedProperties'].length : 0;
  return finding('expand-or', question, count === 2, answer.status === 200 ? `${count} came` : said(answer));
}

async function tryComment(tools: Tools, { mailbox }: Order, seen: Seen, run: string): Promise<Finding> {
  const question = 'Is the comment of a createReply in the draft?';
  const arrival = seen.sightings.get('json-direct')?.arrivals[0];
  if (!arrival) return finding('comment', question, 'unknown', 'nothing arrived that could be answered');
  const comment = `A comment of ${run}`;
  const path = messagePath(mailbox, arrival.id, '/createReply');
  const answer = await tools.probe.call({ method: 'POST', path, contentType: JSON_TYPE, body: JSON.stringify({ comment }) });
  await removeItem(tools, mailbox, idOf(answer));
  if (answer.status !== 201) return finding('comment', question, 'unknown', said(answer));
  const content = (answer.json?.['body'] as { content?: unknown } | undefined)?.content;
  const isThere = typeof content === 'string' && content.includes(comment);
  return finding('comment', question, isThere, isThere ? 'it is' : 'it is missing', 'the queue adds it itself');
}

/** Its first letter is not base64, so that nothing is sent, whatever the limit is. */
async function tryLimit({ probe }: Tools, { mailbox }: Order): Promise<Finding> {
  const body = `!${'A'.repeat(4 * 1024 * 1024 + 1024)}`;
  const answer = await probe.call({ method: 'POST', path: userPath(mailbox, 'sendMail'), contentType: 'text/plain', body });
  const form = /json/i.test(answer.contentType) ? 'JSON' : answer.contentType || 'no body';
  return finding(
    'too-large',
    'Is a request beyond 4 MB refused with 413 and an error in JSON?',
    answer.status === 413 && form === 'JSON',
    `${said(answer)}, ${form}`,
  );
}

async function tryFrom(tools: Tools, { mailbox, unknown, patienceMs, pollMs }: Order, run: string, startedAt: number): Promise<Finding> {
  const question = 'Is a From in MIME that the mailbox has no right to refused?';
  const subject = `Verification ${run} from`;
  const mime = [`From: ${unknown}`, `To: ${mailbox}`, `Subject: ${subject}`, '', 'It may be deleted.', ''].join('\r\n');
  const body = encodeBase64(new TextEncoder().encode(mime));
  const answer = await tools.probe.call({ method: 'POST', path: userPath(mailbox, 'sendMail'), contentType: 'text/plain', body });
  if (answer.status !== 202) return finding('mime-from', question, answer.status === 403, said(answer));
  for (const end = tools.clock.now() + patienceMs; tools.clock.now() < end; await tools.sleep(pollMs)) {
    const [mail] = (await listSince(tools, mailbox, startedAt)).filter((item) => item.subject === subject && !item.isDraft);
    if (mail) return finding('mime-from', question, false, `accepted; it went out from ${mail.from}`);
  }
  return finding('mime-from', question, 'unknown', 'accepted with 202, but never seen again');
}

/** Reports are looked for in the whole mailbox, wherever a rule or the spam filter has put them. */
async function tryJunk(tools: Tools, { mailbox }: Order, run: string, startedAt: number): Promise<Finding> {
  const question = 'Does a list of the whole mailbox show what is in Junk Email?';
  const body = JSON.stringify({ subject: `Verification ${run} junk` });
  const answer = await tools.probe.call({
    method: 'POST',
    path: userPath(mailbox, 'mailFolders/junkemail/messages'),
    contentType: JSON_TYPE,
    body,
  });
  if (answer.status !== 201) return finding('junk-listed', question, 'unknown', said(answer));
  const listed = await listSince(tools, mailbox, startedAt);
  await removeItem(tools, mailbox, idOf(answer));
  const isListed = listed.some(({ id }) => id === idOf(answer));
  return finding('junk-listed', question, isListed, isListed ? 'it does' : 'it does not', 'the queue does not see reports in Junk Email');
}

async function tryTrace({ probe, clock }: Tools, { mailbox }: Order, probes: readonly Probe[], startedAt: number): Promise<Finding> {
  const question = 'May message trace be read, and does it show these mails?';
  const bounds = `receivedDateTime ge ${new Date(startedAt - 60_000).toISOString()} and receivedDateTime le ${new Date(clock.now()).toISOString()}`;
  const answer = await probe.call({
    method: 'GET',
    path: 'admin/exchange/tracing/messageTraces',
    query: { $filter: `senderAddress eq '${mailbox.replaceAll("'", "''")}' and ${bounds}` },
  });
  if (answer.status !== 200) return finding('message-trace', question, false, said(answer), 'leave MESSAGE_TRACE off');
  const rows = Array.isArray(answer.json?.['value']) ? (answer.json['value'] as { messageId?: unknown }[]) : [];
  const sent = probes.filter(({ acceptedAt }) => acceptedAt !== undefined);
  const shown = sent.filter(({ internetMessageId }) => rows.some(({ messageId }) => messageId === internetMessageId)).length;
  return finding(
    'message-trace',
    question,
    shown === sent.length ? 'yes' : 'unknown',
    `readable; it shows ${shown} of ${sent.length} mails so far`,
  );
}

export async function tryOut(
  tools: Tools,
  order: Order,
  probes: readonly Probe[],
  seen: Seen,
  run: string,
  startedAt: number,
): Promise<Finding[]> {
  return [
    await tryDelta(tools, order, probes, seen, startedAt),
    await tryJunk(tools, order, run, startedAt),
    await tryExpandOr(tools, order, seen),
    await tryComment(tools, order, seen, run),
    await tryLimit(tools, order),
    await tryFrom(tools, order, run, startedAt),
    await tryTrace(tools, order, probes, startedAt),
  ];
}
