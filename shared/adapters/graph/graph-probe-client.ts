// Any call to Graph, with whatever it answers: an error's body matters here as much as a success's.
import type { GraphProbe, ProbeAnswer, ProbeCall } from '../../ports/graph-probe.ts';
import type { GraphClientOptions } from './graph-http.ts';
import { type Connections, openConnections } from './ready-connections.ts';
import { readUpTo, sendOnce, type WireAnswer } from './send-once.ts';
import { TokenSource } from './token-source.ts';
import { GraphUrls } from './urls.ts';

const TIMEOUT_MS = 100_000;
const MAXIMUM_BYTES = 33_554_432;

function objectOf(text: string): Record<string, unknown> | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

export class GraphProbeClient implements GraphProbe {
  readonly #base: string;
  readonly #tokens: TokenSource;
  readonly #connections: Connections;

  constructor({ baseUrl, makeCredential, clock, connections = openConnections() }: GraphClientOptions) {
    this.#base = baseUrl.replace(/\/+$/, '');
    this.#tokens = new TokenSource({ makeCredential, scope: new GraphUrls(baseUrl).scope, clock });
    this.#connections = connections;
  }

  async call({ method, path, query = {}, contentType, body }: ProbeCall): Promise<ProbeAnswer> {
    const options = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
    const url = `${this.#base}/v1.0/${path}${options.length > 0 ? `?${options.join('&')}` : ''}`;
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    try {
      const token = await this.#tokens.get(signal);
      const headers = {
        Authorization: `Bearer ${token}`,
        Prefer: 'IdType="ImmutableId"',
        ...(contentType !== undefined && { 'Content-Type': contentType }),
      };
      const sent = { method, url, headers, ...(body !== undefined && { body: typeof body === 'string' ? Buffer.from(body) : body }) };
      const answer = await sendOnce(this.#connections, sent, signal);
      if (answer.kind !== 'answered') return { status: 0, contentType: '', text: answer.reason };
      if (answer.status === 401) this.#tokens.refused(token);
      const { bytes } = await readUpTo(answer.response, MAXIMUM_BYTES);
      return answerOf(answer, Buffer.from(bytes).toString('utf8'));
    } catch (error) {
      return { status: 0, contentType: '', text: error instanceof Error ? error.message : String(error) };
    }
  }
}

function answerOf({ status, field }: WireAnswer, text: string): ProbeAnswer {
  const json = objectOf(text);
  const code = (json?.['error'] as { code?: unknown } | undefined)?.code;
  return {
    status,
    contentType: field('content-type') ?? '',
    text,
    ...(typeof code === 'string' && { code }),
    ...(json && { json }),
  };
}
