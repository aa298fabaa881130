// The mailbox viewer's page and the read-only data behind it. People debug by looking.
import { randomBytes } from 'node:crypto';
import { createControl } from '../control/control.ts';
import { showDelivery, showMail, showMailbox } from '../control/show.ts';
import type { Answer } from '../http/answer.ts';
import { errors } from '../http/errors.ts';
import type { GraphRequest } from '../http/request.ts';
import { escapeHtml } from '../reports/parts.ts';
import type { EmulatorState } from '../state.ts';
import type { Item } from '../store/item.ts';
import { viewerPage } from './page.ts';

/** What a mail brings may neither run nor load anything, nor reach the page around it. */
const mailPolicy = "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'";

function page(): Answer {
  const nonce = randomBytes(16).toString('base64');
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'`;
  return {
    status: 200,
    text: viewerPage(nonce),
    headers: { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': policy },
  };
}

/** A mail's body as a document of its own, inline images put in. */
function rendered(item: Item): Answer {
  const images = new Map(item.attachments.filter(({ contentId }) => contentId !== null).map((one) => [one.contentId, one]));
  const html = item.body.content.replace(/cid:([^"'\s>)]+)/gi, (all, id: string) => {
    const image = images.get(id);
    return image === undefined ? all : `data:${image.contentType?.replace(/[^\w/+.-]/g, '')};base64,${image.content.toString('base64')}`;
  });
  const document = item.body.contentType === 'html' ? html : `<pre style="white-space:pre-wrap">${escapeHtml(item.body.content)}</pre>`;
  return { status: 200, text: document, headers: { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': mailPolicy } };
}

function overview(state: EmulatorState): Answer {
  const control = createControl(state);
  return {
    status: 200,
    json: {
      now: new Date(control.clock.now()).toISOString(),
      mailboxes: control.mailboxes().map(showMailbox),
      faults: control.faults.list().map(({ id, operation, when, fired, times }) => ({ id, operation, when, fired, times })),
      waiting: control.stages.pending().length,
      deliveries: control
        .deliveries()
        .slice(-20)
        .map((record) => showDelivery(record, false)),
    },
  };
}

async function mail(state: EmulatorState, name: string, key: string, kind: string | undefined): Promise<Answer> {
  const control = createControl(state);
  const mailbox = control.mailbox(name);
  const item = mailbox.items.get(Number(key));
  if (item === undefined) throw errors.itemNotFound();
  if (kind === 'body') return rendered(item);
  if (kind === 'source')
    return {
      status: 200,
      bytes: await control.source(item),
      headers: { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' },
    };
  return { status: 200, json: showMail(mailbox, item) };
}

export function viewerRequest(state: EmulatorState, request: GraphRequest): Answer | Promise<Answer> {
  const [first, part, name = '', key, kind] = request.segments;
  if (request.method !== 'GET') throw errors.methodNotAllowed();
  if (first === undefined) return page();
  if (first !== 'viewer') throw errors.unknownSegment(first);
  if (part === 'overview') return overview(state);
  if (part !== 'mails') throw errors.unknownSegment(part ?? '');
  if (key !== undefined) return mail(state, name, key, kind);
  const control = createControl(state);
  const mailbox = control.mailbox(name);
  const newestFirst = control.mails(name, request.query.get('folder')).reverse().slice(0, 200);
  return { status: 200, json: { value: newestFirst.map((item) => showMail(mailbox, item)) } };
}
