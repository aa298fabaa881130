// The body of an answer: the comment above the quoted original, as Exchange lays it out.
import { escapeHtml } from '../reports/parts.ts';
import type { EmailAddress, Item, MessageContent } from '../store/item.ts';
import { wholeHtml } from '../validation/message.ts';

const show = ({ name, address }: EmailAddress) => (name === address ? address : `${name} <${address}>`);

function lines(original: Item): [string, string][] {
  const list = (addresses: readonly EmailAddress[]) => addresses.map(show).join('; ');
  const all: [string, string][] = [
    ['From', original.from === null ? '' : show(original.from)],
    ['Sent', new Date(original.sentDateTime).toUTCString()],
    ['To', list(original.toRecipients)],
    ['Cc', list(original.ccRecipients)],
    ['Subject', original.subject],
  ];
  return all.filter(([, value]) => value !== '');
}

/** The inside of an HTML document's body. */
const inside = (html: string) => /<body[^>]*>([\s\S]*?)(<\/body>|$)/i.exec(html)?.[1] ?? html;

/** In the format of the original. */
export function quotedBody(comment: string, original: Item): MessageContent['body'] {
  if (original.body.contentType === 'text') {
    const head = lines(original).map(([name, value]) => `${name}: ${value}`);
    return {
      contentType: 'text',
      content: [comment, '', '________________________________', ...head, '', original.body.content].join('\r\n'),
    };
  }
  const head = lines(original).map(([name, value]) => `<b>${name}:</b> ${escapeHtml(value)}<br>`);
  const quote = `<hr style="display:inline-block;width:98%" tabindex="-1">\r\n<div id="divRplyFwdMsg" dir="ltr">${head.join('\r\n')}</div>\r\n`;
  return { contentType: 'html', content: wholeHtml(`<div>${escapeHtml(comment)}</div>\r\n${quote}${inside(original.body.content)}`) };
}
