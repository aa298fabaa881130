// The mails of a verification: marked as the queue marks them, in both formats, on both routes, to the mailbox itself and to an address that does not exist.
import { encodeBase64 } from '../../shared/domain/content/base64.ts';
import { markJsonMessage, markMime } from '../../shared/domain/content/marking.ts';
import { messageIdFor } from '../../shared/domain/doubt/marks.ts';
import { makeSendRequestId } from '../../shared/domain/log/send-request-id.ts';
import type { GraphAnswer, Payload } from '../../shared/ports/graph-mail.ts';
import { callOf, type Order, type Tools } from './verification.ts';

export interface Probe {
  name: string;
  format: 'json' | 'mime';
  route: 'direct' | 'draft';
  to: string;
  id: string;
  internetMessageId: string;
  subject: string;
  /** MIME as it was before our header lines were put on top. */
  mime?: string;
  draftId?: string;
  /** Of the draft, before it was sent: whether PidTagMessageFlags could be read. */
  flagsReadable?: boolean;
  /** Milliseconds since 1970. */
  acceptedAt?: number;
  /** Why it was not accepted. */
  failure?: string;
}

const KINDS = [
  { format: 'json', route: 'direct' },
  { format: 'mime', route: 'direct' },
  { format: 'json', route: 'draft' },
  { format: 'mime', route: 'draft' },
] as const;

/** Signed, so that not a byte may change; blanks at the ends of lines, and other things that conversions take away. */
const signedMime = (from: string, to: string, subject: string): string =>
  [
    `From: ${from}`,
    `To: ${to}`,
    `Subject: ${subject}`,
    'MIME-Version: 1.0',
    'Content-Type: multipart/signed; protocol="application/pkcs7-signature"; micalg=sha-256; boundary="part-of-a-verification"',
    '',
    '--part-of-a-verification',
    'Content-Type: text/plain; charset=us-ascii',
    'Content-Transfer-Encoding: 7bit',
    'X-Inner-Header:  two blanks',
    '',
    'This mail was sent to find out how this tenant handles mail. It may be deleted.   ',
    '.',
    '\tA line that begins with a tab.',
    '',
    '--part-of-a-verification',
    'Content-Type: application/pkcs7-signature; name="smime.p7s"',
    'Content-Transfer-Encoding: base64',
    'Content-Disposition: attachment; filename="smime.p7s"',
    '',
    'MIAGCSqGSIb3DQEHAqCAMIACAQExDzANBglghkgBZQMEAgEFADCABgkqhkiG9w0BBwEAAAAAAAAA',
    '--part-of-a-verification--',
    '',
  ].join('\r\n');

function makeProbe(tools: Tools, order: Order, run: string, to: string, { format, route }: (typeof KINDS)[number]): Probe {
  const id = makeSendRequestId(tools.clock.now(), order.mailbox, tools.chance.bytes(14));
  const name = `${format}-${route}${to === order.mailbox ? '' : '-to-nobody'}`;
  const subject = `Verification ${run} ${name}`;
  const mime = format === 'mime' ? { mime: signedMime(order.mailbox, to, subject) } : {};
  return { name, format, route, to, id, internetMessageId: messageIdFor(id, order.mailbox), subject, ...mime };
}

export function makeProbes(tools: Tools, order: Order, run: string): Probe[] {
  const own = KINDS.map((kind) => makeProbe(tools, order, run, order.mailbox, kind));
  const unreachable = KINDS.filter(({ route }) => route === 'direct').map((kind) => makeProbe(tools, order, run, order.unknown, kind));
  return [...own, ...unreachable];
}

function payloadOf({ format, route, to, id, internetMessageId, subject, mime = '' }: Probe): Payload {
  const marks = { id, internetMessageId, callerSetMessageId: false };
  if (format === 'mime') return { contentType: 'text/plain', body: encodeBase64(markMime(new TextEncoder().encode(mime), marks)) };
  const content = 'This mail was sent to find out how this tenant handles mail. It may be deleted.';
  const toRecipients = [{ emailAddress: { address: to } }];
  const message = markJsonMessage({ subject, body: { contentType: 'Text', content }, toRecipients }, marks);
  return { contentType: 'application/json', body: JSON.stringify(route === 'direct' ? { message } : message) };
}

export const failureOf = (answer: GraphAnswer<unknown>): string =>
  answer.kind === 'answered' ? `${answer.status} ${answer.code ?? ''}`.trim() : answer.reason;

const accepted = (answer: GraphAnswer<unknown>): boolean => answer.kind === 'answered' && answer.status === 202;

async function submitDraft(tools: Tools, mailbox: string, probe: Probe): Promise<GraphAnswer<unknown>> {
  const created = await tools.graph.createDraft(callOf(tools, mailbox), 'messages', payloadOf(probe));
  if (created.kind !== 'answered' || !created.body) return created;
  probe.draftId = created.body.id;
  const draft = await tools.graph.getCopy(callOf(tools, mailbox), probe.draftId);
  if (draft.kind === 'answered' && draft.body) probe.flagsReadable = draft.body.isSubmitted !== undefined;
  return tools.graph.sendDraft(callOf(tools, mailbox), probe.draftId);
}

/** One after the other, each once. */
export async function submitProbes(tools: Tools, { mailbox }: Order, probes: readonly Probe[]): Promise<void> {
  for (const probe of probes) {
    const direct = () => tools.graph.submit(callOf(tools, mailbox), 'sendMail', payloadOf(probe));
    const answer = await (probe.route === 'direct' ? direct() : submitDraft(tools, mailbox, probe));
    if (accepted(answer)) probe.acceptedAt = tools.clock.now();
    else probe.failure = failureOf(answer);
  }
}
