// A mail's HTML as a document that can neither run nor load anything, nor reach the page around it.
import type { Answer } from '../http/answer.ts';
import { escapeHtml } from '../reports/parts.ts';
import type { Item } from '../store/item.ts';

export const inertPolicy =
  "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'";

const LONGEST = 5_000_000;

/**
 * The policy stops what loads, but some elements make Chromium open a connection all the same: `link` (preconnect), and frames (seen).
 * `meta` may ask for name look-ups, and `base` names a target. Nobody misses them in a mail, or the others that embed something.
 * A start tag is these letters and one of the characters that end a tag's name (HTML, "Tag name state").
 */
const ACTIVE = /<(link|meta|base|i?frame|frameset|object|embed)(?=[\t\n\f\r />])/gi;

const withoutActive = (html: string): string => html.replace(ACTIVE, '<x-$1');

/** Inline images are put in; a link leads nowhere, since the frame may open no window. */
function documentOf(item: Item): string {
  const images = new Map(item.attachments.filter(({ contentId }) => contentId !== null).map((one) => [one.contentId, one]));
  const html = withoutActive(item.body.content).replace(/cid:([^"'\s>)]+)/gi, (all, id: string) => {
    const image = images.get(id);
    return image === undefined ? all : `data:${image.contentType?.replace(/[^\w/+.-]/g, '')};base64,${image.content.toString('base64')}`;
  });
  return `<base target="_blank">${html}`;
}

const notice = (text: string) => `<p>${escapeHtml(text)}</p>`;

export function inertHtml(item: Item): Answer {
  const { contentType, content } = item.body;
  const text =
    contentType !== 'html'
      ? notice('This mail has no HTML.')
      : content.length > LONGEST
        ? notice(`The HTML has ${content.length} characters, which is too much to show. The source has it.`)
        : documentOf(item);
  const headers = {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': inertPolicy,
    'X-Content-Type-Options': 'nosniff',
    'X-DNS-Prefetch-Control': 'off',
    'Referrer-Policy': 'no-referrer',
  };
  return { status: 200, text, headers };
}
