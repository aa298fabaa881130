// A small client for tests of the Graph mail emulator: fetch with a token, and waiting for what comes by itself.
import { type GraphMailEmulator, type GraphMailEmulatorOptions, startGraphMailEmulator } from '../../../emulators/graph-mail/index.ts';

export const mailbox = 'sender@contoso.com';

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: the tests judge the shape
  readonly json: any;
}

export interface Client {
  readonly emulator: GraphMailEmulator;
  /** A request below /v1.0, with a token unless the headers say otherwise. */
  graph(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
  /** The same below /users/sender@contoso.com. */
  user(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
  raw(method: string, url: string, body?: string | Buffer, headers?: Record<string, string>): Promise<Reply>;
  close(): Promise<void>;
}

export async function startClient(options: GraphMailEmulatorOptions = {}): Promise<Client> {
  const emulator = await startGraphMailEmulator({ stageDelay: 0, ...options });

  async function raw(method: string, url: string, body?: string | Buffer, headers: Record<string, string> = {}): Promise<Reply> {
    const response = await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) });
    const text = await response.text();
    const isJson = (response.headers.get('content-type') ?? '').includes('json');
    return { status: response.status, headers: response.headers, text, json: isJson && text !== '' ? JSON.parse(text) : undefined };
  }

  // A token per request: tests move the emulator's clock.
  async function graph(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply> {
    const isText = typeof body === 'string';
    const type: Record<string, string> = body === undefined ? {} : { 'Content-Type': isText ? 'text/plain' : 'application/json' };
    const content = body === undefined ? undefined : isText ? body : JSON.stringify(body);
    const token = await emulator.control.token();
    return raw(method, `${emulator.url}/v1.0${path}`, content, { Authorization: `Bearer ${token}`, ...type, ...headers });
  }

  return {
    emulator,
    raw,
    graph,
    user: (method, path, body, headers) => graph(method, `/users/${mailbox}${path}`, body, headers),
    close: () => emulator.close(),
  };
}

export const to = (...addresses: string[]) => addresses.map((address) => ({ emailAddress: { address } }));

export const simpleMessage = (more: Record<string, unknown> = {}) => ({
  subject: 'Invoice 4711',
  body: { contentType: 'Text', content: 'Please find it attached.' },
  toRecipients: to('alice@contoso.com'),
  ...more,
});

/** Lines to a base64 body, with the line ends given. */
export const mimeBody = (lines: readonly string[], lineEnd = '\r\n') => Buffer.from(lines.join(lineEnd)).toString('base64');

export const simpleMime = (more: readonly string[] = []) => [
  'From: sender@contoso.com',
  'To: alice@contoso.com',
  'Subject: Invoice 4711',
  ...more,
  'MIME-Version: 1.0',
  'Content-Type: text/plain; charset=utf-8',
  '',
  'Please find it attached.',
  '',
];
