// Microsoft's JavaScript client knows https only. The last handler before the wire takes that away; a chain joins handlers as the client does.
import type { Context, Middleware } from '@microsoft/microsoft-graph-client';

export class PlainHttpHandler implements Middleware {
  readonly #headers: Readonly<Record<string, string>>;
  #next: Middleware | undefined;

  /** `headers`: what a proxy in front of the server would add. */
  constructor(headers: Readonly<Record<string, string>> = {}) {
    this.#headers = headers;
  }

  setNext(next: Middleware): void {
    this.#next = next;
  }

  async execute(context: Context): Promise<void> {
    const { request, options } = context;
    context.request = String(request).replace(/^https:/, 'http:');
    context.options = { ...options, headers: { ...(options?.headers as Record<string, string>), ...this.#headers } };
    await this.#next?.execute(context);
    // A repetition begins with the URL that the client knows: to another one it sends no client-request-id.
    context.request = request;
  }
}

/** The first of these handlers; each hands on to the next. */
export function chained(...handlers: [Middleware, ...Middleware[]]): Middleware {
  for (const [index, handler] of handlers.entries()) {
    const next = handlers[index + 1];
    if (next) handler.setNext?.(next);
  }
  return handlers[0];
}
