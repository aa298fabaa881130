// Graph's URLs: paths and OData options, every value escaped.
import { MARK_PROPERTY } from '../../domain/doubt/marks.ts';
import { COPY_PROPERTIES, MESSAGE_CLASS } from './mailbox-copy.ts';

/** A string literal: quotes are doubled (OData 4.01 ABNF, SQUOTE-in-string). */
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Whole seconds, as Graph's own times; rounded down, so that nothing is missed. */
const seconds = (dateTime: string): string => `${new Date(dateTime).toISOString().slice(0, 19)}Z`;

/** One id per query: with `or` of two, none came back for one reporter. */
export const expandProperty = (id: string): string => `singleValueExtendedProperties($filter=id eq ${literal(id)})`;

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Where Exchange Online of the global and the national clouds is. */
const MICROSOFT = /(?:^|\.)(?:(?:office|office365|outlook|microsoft)\.(?:com|us)|outlook\.cn|chinacloudapi\.cn)$/i;

export class GraphUrls {
  readonly #base: URL;

  constructor(baseUrl: string) {
    this.#base = new URL(baseUrl);
  }

  get scope(): string {
    return `${this.#base.origin}/.default`;
  }

  /** `path` is relative to the mailbox, its ids encoded already. */
  of(mailbox: string, path: string, options: Record<string, string> = {}): string {
    const base = this.#base.href.replace(/\/+$/, '');
    const query = Object.entries(options).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
    return `${base}/v1.0/users/${encodeURIComponent(mailbox)}/${path}${query.length > 0 ? `?${query.join('&')}` : ''}`;
  }

  message(mailbox: string, id: string, more = '', options: Record<string, string> = {}): string {
    return this.of(mailbox, `messages/${encodeURIComponent(id)}${more}`, options);
  }

  withProperty(mailbox: string, property: string, value: string): string {
    const filter = `singleValueExtendedProperties/any(ep: ep/id eq ${literal(property)} and ep/value eq ${literal(value)})`;
    return this.of(mailbox, 'messages', { $filter: filter, $select: COPY_PROPERTIES, $expand: expandProperty(property) });
  }

  withMessageId(mailbox: string, internetMessageId: string, expanded: string): string {
    const filter = `internetMessageId eq ${literal(internetMessageId)}`;
    return this.of(mailbox, 'messages', { $filter: filter, $select: COPY_PROPERTIES, $expand: expandProperty(expanded) });
  }

  sentItemsDelta(mailbox: string, since: string): string {
    const options = { $filter: `receivedDateTime ge ${seconds(since)}`, $select: COPY_PROPERTIES, $expand: expandProperty(MARK_PROPERTY) };
    return this.of(mailbox, 'mailFolders/sentitems/messages/delta', options);
  }

  folder(mailbox: string, name: string): string {
    return this.of(mailbox, `mailFolders/${name}`, { $select: 'id' });
  }

  /** Of all folders: rules, people and the spam filter file reports anywhere. Oldest first, so that reading can stop and go on later. */
  received(mailbox: string, since: string): string {
    return this.of(mailbox, 'messages', {
      $filter: `receivedDateTime ge ${seconds(since)}`,
      $orderby: 'receivedDateTime asc',
      $top: '100',
      $select: 'id,receivedDateTime,internetMessageId,isDraft,parentFolderId,from,internetMessageHeaders',
      $expand: expandProperty(MESSAGE_CLASS),
    });
  }

  /** The largest page that Graph allows, because the number of requests is limited. */
  messageTraces(sender: string, since: string, until: string): string {
    const filter = `senderAddress eq ${literal(sender)} and receivedDateTime ge ${seconds(since)} and receivedDateTime le ${until}`;
    const query = `$filter=${encodeURIComponent(filter)}&$top=5000`;
    return `${this.#base.href.replace(/\/+$/, '')}/v1.0/admin/exchange/tracing/messageTraces?${query}`;
  }

  /** Upload sessions are at another host than Graph; without our token, but with the caller's attachment. */
  mayUploadTo(link: string): boolean {
    if (!URL.canParse(link)) return false;
    const { protocol, hostname } = new URL(link);
    if (hostname === this.#base.hostname) return protocol === this.#base.protocol;
    if (LOOPBACK.has(hostname)) return LOOPBACK.has(this.#base.hostname);
    return protocol === 'https:' && MICROSOFT.test(hostname);
  }

  /** Links are followed only within the origin of the first request, because the token is sent with them. */
  isOurs(link: string): boolean {
    return URL.canParse(link) && new URL(link).origin === this.#base.origin;
  }
}
