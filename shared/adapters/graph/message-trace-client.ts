// Microsoft Graph's message trace. https://learn.microsoft.com/graph/api/exchangemessagetrace-list
import type { CallContext, GraphAnswer } from '../../ports/graph-mail.ts';
import type { MessageTrace, TracePage, TraceRow, TraceWindow } from '../../ports/message-trace.ts';
import { type GraphClientOptions, GraphHttp } from './graph-http.ts';
import { GraphUrls } from './urls.ts';

const text = (value: unknown): string | undefined => (typeof value === 'string' && value ? value : undefined);

function toRow(row: Record<string, unknown>): TraceRow[] {
  const [id, recipient, status] = [text(row['id']), text(row['recipientAddress']), text(row['status'])];
  const [receivedDateTime, internetMessageId] = [text(row['receivedDateTime']), text(row['messageId'])];
  if (!id || !recipient || !status || !receivedDateTime) return [];
  return [{ id, recipient, status, receivedDateTime, ...(internetMessageId !== undefined && { internetMessageId }) }];
}

export function readTracePage(bytes: Uint8Array): TracePage | undefined {
  try {
    const { value, '@odata.nextLink': nextLink } = JSON.parse(Buffer.from(bytes).toString('utf8')) as Record<string, unknown>;
    if (!Array.isArray(value)) return undefined;
    const rows = value.flatMap((row: unknown) => (typeof row === 'object' && row !== null ? toRow(row as Record<string, unknown>) : []));
    return { rows, ...(typeof nextLink === 'string' && { nextLink }) };
  } catch {
    return undefined;
  }
}

export class MessageTraceClient implements MessageTrace {
  readonly #urls: GraphUrls;
  readonly #http: GraphHttp;

  constructor(options: GraphClientOptions) {
    this.#urls = new GraphUrls(options.baseUrl);
    this.#http = new GraphHttp(this.#urls.scope, options);
  }

  async list(context: CallContext, from: { link: string } | TraceWindow): Promise<GraphAnswer<TracePage>> {
    const url = 'link' in from ? from.link : this.#urls.messageTraces(context.mailbox, from.since, from.until);
    if (!this.#urls.isOurs(url)) return { kind: 'notSent', reason: 'The link leads to another origin.' };
    return this.#http.read(context, { method: 'GET', url }, readTracePage);
  }
}
