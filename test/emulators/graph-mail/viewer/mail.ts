// One mail in the viewer: its facts, header fields, text, source, attachments, and what transport made of it.
import { showMail } from '../control/show.ts';
import type { Answer } from '../http/answer.ts';
import { errors } from '../http/errors.ts';
import { splitMessage } from '../mime/header-block.ts';
import { mimeOf } from '../operations/messages.ts';
import type { EmulatorState } from '../state.ts';
import type { Item } from '../store/item.ts';
import type { Mailbox } from '../store/mailbox.ts';
import { inertHtml } from './inert-html.ts';
import { folderName, textOf } from './list.ts';
import { linkOf } from './mail-link.ts';
import type { MailFacts } from './shapes.ts';

const LONGEST_TEXT = 200_000;
const LONGEST_HEADER = 200_000;
const LONGEST_SOURCE = 500_000;

/** Without creating a mailbox that is not there. */
function find(state: EmulatorState, address: string, key: string): { mailbox: Mailbox; item: Item } {
  const mailbox = state.directory.list().find((one) => one.owns(address));
  const item = mailbox?.items.get(Number(key));
  if (mailbox === undefined || item === undefined) throw errors.itemNotFound();
  return { mailbox, item };
}

interface Header {
  readonly version: number;
  readonly size: number;
  readonly headers: MailFacts['headers'];
}

const headers = new WeakMap<Item, Header>();

/** Of the MIME, which is dear to make of a large JSON mail: pages ask for it after each change. */
async function headerOf(state: EmulatorState, item: Item): Promise<Header> {
  const known = headers.get(item);
  if (known?.version === item.version) return known;
  const mime = await mimeOf(item, state.clock.now());
  const { fields } = splitMessage(mime.subarray(0, LONGEST_HEADER));
  const read = fields.map(({ name, value }) => ({ name, value: Buffer.from(value, 'latin1').toString() }));
  const header = { version: item.version, size: mime.length, headers: read };
  headers.set(item, header);
  return header;
}

/** The other mails with this Message-ID, in all mailboxes. */
function copiesOf(state: EmulatorState, item: Item) {
  const copies = state.directory
    .list()
    .flatMap((mailbox) => [...mailbox.items.values()].map((other) => ({ mailbox, other })))
    .filter(({ other }) => other !== item && other.internetMessageId !== '' && other.internetMessageId === item.internetMessageId);
  return copies.slice(0, 100).map(({ mailbox, other }) => ({
    mailbox: mailbox.address,
    key: other.key,
    folder: folderName(mailbox, other),
  }));
}

async function facts(state: EmulatorState, mailbox: Mailbox, item: Item): Promise<MailFacts> {
  const header = await headerOf(state, item);
  const text = textOf(item);
  const { properties, attachments: _attachments, ...shown } = showMail(mailbox, item);
  return {
    ...shown,
    mailbox: mailbox.address,
    folder: folderName(mailbox, item),
    version: item.version,
    size: header.size,
    inReplyTo: item.inReplyTo,
    hasHtml: item.body.contentType === 'html',
    text: text.slice(0, LONGEST_TEXT),
    isTextCut: text.length > LONGEST_TEXT,
    headers: header.headers,
    properties: Object.entries(properties).map(([name, value]) => ({ name, value: String(value) })),
    attachments: item.attachments.map(({ name, contentType, content, isInline }) => ({
      name,
      contentType,
      size: content.length,
      isInline,
    })),
    copies: copiesOf(state, item),
    handedOn: state.journal
      .list({ messageId: item.internetMessageId })
      .map(({ handedOnDateTime, recipients }) => ({ handedOnDateTime: new Date(handedOnDateTime).toISOString(), recipients })),
    link: linkOf(state, mailbox, item),
  };
}

/** RFC 8187: what encodeURIComponent leaves may not all stand there; a lone surrogate becomes U+FFFD. */
const encodedName = (name: string): string =>
  encodeURIComponent(Buffer.from(name).toString()).replace(/['()*]/g, (one) => `%${one.charCodeAt(0).toString(16)}`);

/** A download that no browser shows, whatever it claims to be. RFC 6266, RFC 8187. */
const download = (bytes: Buffer, name: string): Answer => ({
  status: 200,
  bytes,
  headers: {
    'Content-Type': 'application/octet-stream',
    'Content-Disposition': `attachment; filename*=UTF-8''${encodedName(name)}`,
    'Content-Security-Policy': "sandbox; default-src 'none'",
    'X-Content-Type-Options': 'nosniff',
  },
});

async function source(state: EmulatorState, item: Item): Promise<Answer> {
  const mime = await mimeOf(item, state.clock.now());
  return {
    status: 200,
    bytes: mime.subarray(0, LONGEST_SOURCE),
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff', 'X-Total-Bytes': String(mime.length) },
  };
}

/** `…/{address}/{key}`, and below it `body` (HTML), `source` (its beginning), `download` (all of it), `attachments/{number}`. */
export async function mailAnswer(state: EmulatorState, segments: readonly string[]): Promise<Answer> {
  const [address = '', key = '', kind, number] = segments;
  const { mailbox, item } = find(state, address, key);
  if (kind === undefined) return { status: 200, json: await facts(state, mailbox, item) };
  if (kind === 'body') return inertHtml(item);
  if (kind === 'source') return source(state, item);
  if (kind === 'download') return download(await mimeOf(item, state.clock.now()), `mail-${key}.eml`);
  const attachment = kind === 'attachments' ? item.attachments[Number(number)] : undefined;
  if (attachment === undefined) throw errors.itemNotFound();
  return download(attachment.content, attachment.name || 'attachment');
}
