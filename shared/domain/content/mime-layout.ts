// The role of each leaf of a MIME message, if the message can be divided: the text, the HTML, an inline part or an attachment.

import { printable } from './addresses.ts';
import { contentIdOf, dispositionOf, encodingOf, hasFileName, parameterOf } from './content-type-field.ts';
import { fieldsNamed } from './mime-header.ts';
import type { MimePart } from './mime-parts.ts';
import { hasKnownCharset, hasKnownEncoding, textOf } from './part-content.ts';
import { type Checked, ok, refused } from './problem.ts';

export interface Layout {
  plain?: MimePart;
  html?: MimePart;
  /** The text of `html`. */
  htmlText?: string;
  /** `isInline`: the HTML shows it. */
  files: { part: MimePart; isInline: boolean }[];
}

/** Where a part stands: its number (1.2 is the second within the first), and the alternative that it belongs to. */
interface Place {
  number: string;
  alternative?: MimePart;
  isRelated?: boolean;
}

/** Types that Exchange or a mail client does not treat as an attachment. */
const SPECIAL = /^(?:application\/ms-tnef|message\/(?!rfc822$)[^/]+)$/;
const BODIES = ['text/plain', 'text/html'];
const SINGLE_FIELDS = ['content-type', 'content-disposition', 'content-transfer-encoding'];

class Indivisible extends Error {}

const within = (number: string, index: number): string => (number ? `${number}.${index + 1}` : String(index + 1));

class LayoutReader {
  readonly layout: Layout = { files: [] };
  readonly #inline: { part: MimePart; place: Place }[] = [];
  #textsIn: MimePart | undefined;

  visit(part: MimePart, place: Place): void {
    if (part.damaged) throw this.#why(part, place, 'has a header that cannot be read');
    const doubled = SINGLE_FIELDS.find((name) => fieldsNamed(part.header, name).length > 1);
    if (doubled) throw this.#why(part, place, `has the header field ${doubled} more than once`);
    if (part.type.startsWith('multipart/')) this.#multipart(part, place);
    else this.#leaf(part, place);
  }

  /** Once the HTML is known: whether it refers to every inline part. */
  finish(mime: Uint8Array): void {
    const { html, files } = this.layout;
    if (html) this.layout.htmlText = textOf(mime, html);
    const named = contentIdsIn(this.layout.htmlText ?? '');
    for (const { part, place } of this.#inline) {
      if (!named.has(contentIdOf(part.header))) throw this.#why(part, place, 'is inline, but the HTML does not refer to it');
      files.push({ part, isInline: true });
    }
    files.sort((a, b) => a.part.start - b.part.start);
  }

  #multipart(part: MimePart, place: Place): void {
    if (part.parts.length === 0) throw this.#why(part, place, 'is a multipart without parts');
    if (dispositionOf(part.header) === 'attachment') throw this.#why(part, place, 'is a multipart with the disposition attachment');
    if (part.type === 'multipart/alternative') this.#alternative(part, place);
    else if (part.type === 'multipart/related') this.#related(part, place);
    else if (part.type === 'multipart/mixed') this.#mixed(part, place);
    else throw this.#why(part, place, "has a type that Graph's message resource cannot hold");
  }

  #mixed(part: MimePart, place: Place): void {
    part.parts.forEach((inner, i) => {
      this.visit(inner, { ...place, number: within(place.number, i), isRelated: false });
    });
  }

  /** The text first, then the HTML, which may come with what belongs to it. */
  #alternative(part: MimePart, place: Place): void {
    if (place.alternative) throw this.#why(part, place, 'is an alternative within an alternative');
    part.parts.forEach((inner, i) => {
      const at = { number: within(place.number, i), alternative: part };
      const isBody = BODIES.includes(inner.type) || ['multipart/related', 'multipart/mixed'].includes(inner.type);
      if (!isBody || dispositionOf(inner.header) === 'attachment') {
        throw this.#why(inner, at, 'is an alternative that is neither text nor HTML');
      }
      if (inner.type === 'text/plain' && this.layout.html)
        throw this.#why(inner, at, 'is plain text after the HTML, so that readers prefer it (RFC 2046 section 5.1.4)');
      this.visit(inner, at);
    });
  }

  #related(part: MimePart, place: Place): void {
    const start = parameterOf(part.header, 'start');
    const [root, ...rest] = part.parts as [MimePart, ...MimePart[]];
    if (start !== undefined && start.replace(/^<|>$/g, '') !== contentIdOf(root.header)) {
      throw this.#why(part, place, 'does not begin with its root part, which the parameter start names (RFC 2387)');
    }
    if (!BODIES.includes(root.type) && !root.type.startsWith('multipart/')) {
      throw this.#why(root, { ...place, number: within(place.number, 0) }, 'is the root of a multipart/related, and neither text nor HTML');
    }
    this.visit(root, { ...place, number: within(place.number, 0) });
    rest.forEach((inner, i) => {
      this.visit(inner, { ...place, number: within(place.number, i + 1), isRelated: true });
    });
  }

  #leaf(part: MimePart, place: Place): void {
    const { header, type } = part;
    if (SPECIAL.test(type)) throw this.#why(part, place, 'is of a type that cannot be sent as an attachment');
    if (!hasKnownEncoding(part)) throw this.#why(part, place, `has the unknown encoding '${printable(encodingOf(header), 40)}'`);
    const disposition = dispositionOf(header);
    if (disposition === 'attachment') this.layout.files.push({ part, isInline: false });
    else if (BODIES.includes(type)) this.#body(part, place);
    else if (disposition === 'inline' || place.isRelated) this.#inline.push({ part, place });
    else if (type === 'text/calendar' || (type.startsWith('text/') && !hasFileName(header))) {
      throw this.#why(part, place, 'is neither text nor HTML, and does not have the disposition attachment');
    } else this.layout.files.push({ part, isInline: false });
  }

  #body(part: MimePart, place: Place): void {
    const { plain, html } = this.layout;
    const kind = part.type === 'text/html' ? 'html' : 'plain';
    if (hasFileName(part.header)) throw this.#why(part, place, 'is text with a file name, and does not have the disposition attachment');
    if (place.isRelated) throw this.#why(part, place, 'is text within a multipart/related, and not its root');
    const isSecond = this.layout[kind] !== undefined || ((plain ?? html) !== undefined && this.#textsIn !== place.alternative);
    if (isSecond || ((plain ?? html) !== undefined && place.alternative === undefined))
      throw this.#why(part, place, 'is a second text body');
    if (!hasKnownCharset(part)) throw this.#why(part, place, 'has an unknown charset');
    this.layout[kind] = part;
    this.#textsIn = place.alternative;
  }

  #why({ type }: MimePart, { number }: Place, what: string): Indivisible {
    return new Indivisible(
      `${number ? `Part ${number}` : 'The whole'} (${type}) ${what}. A message of this size may have one text, one HTML and attachments only`,
    );
  }
}

/** The content ids that an HTML text names as `cid:` URLs (RFC 2392). */
function contentIdsIn(html: string): Set<string> {
  const found = new Set<string>();
  const lower = html.toLowerCase();
  for (let at = lower.indexOf('cid:'); at >= 0; at = lower.indexOf('cid:', at)) {
    const from = at + 4;
    at = from;
    while (at < html.length && !/["'()<>\s]/.test(html.charAt(at))) at++;
    const id = html.slice(from, at).replaceAll('&amp;', '&');
    found.add(id);
    try {
      found.add(decodeURIComponent(id));
    } catch {
      // Not a percent-encoding: kept as it is.
    }
  }
  return found;
}

/** `why` names the part that has no place in a message of Graph. */
export function layoutOf(mime: Uint8Array, root: MimePart, problem: (why: string) => Parameters<typeof refused>[0]): Checked<Layout> {
  const reader = new LayoutReader();
  try {
    reader.visit(root, { number: '' });
    reader.finish(mime);
  } catch (error) {
    if (error instanceof Indivisible) return refused(problem(error.message));
    throw error;
  }
  return ok(reader.layout);
}
