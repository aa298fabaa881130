// Any call to Graph, with whatever it answers: an error's body matters here as much as a success's.
import type { GraphProbe, ProbeAnswer, ProbeCall } from '../../ports/graph-probe.ts';
import type { GraphMailClientOptions } from './graph-mail-client.ts';
import { TokenSource } from './token-source.ts';
import { GraphUrls } from './urls.ts';

const TIMEOUT_MS = 100_000;

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

  constructor({ baseUrl, makeCredential, clock }: GraphMailClientOptions) {
    this.#base = baseUrl.replace(/\/+$/, '');
    this.#tokens = new TokenSource({ makeCredential, scope: new GraphUrls(baseUrl).scope, clock });
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
      const response = await fetch(url, {
        method,
        headers,
        signal,
        redirect: 'manual',
        ...(body !== undefined && { body: body as string | Uint8Array<ArrayBuffer> }),
      });
      return answerOf(response, await response.text());
    } catch (error) {
      return { status: 0, contentType: '', text: error instanceof Error ? error.message : String(error) };
    }
  }
}

function answerOf({ status, headers }: Response, text: string): ProbeAnswer {
  const json = objectOf(text);
  const code = (json?.['error'] as { code?: unknown } | undefined)?.code;
  return {
    status,
    contentType: headers.get('content-type') ?? '',
    text,
    ...(typeof code === 'string' && { code }),
    ...(json && { json }),
  };
}
