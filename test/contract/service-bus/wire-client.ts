// A bare AMQP client, for what the Service Bus client hides or never does.
import { once } from 'node:events';
import type { Socket } from 'node:net';
import rhea, { type Connection, type EventContext, type Receiver, type ReceiverOptions, type Sender, type SenderOptions } from 'rhea';

export const JWT = `e30.${Buffer.from(JSON.stringify({ exp: 4_000_000_000 })).toString('base64url')}.sig`;

type Emitter = { once(event: string, listener: (context: EventContext) => void): unknown };

/** The context of the next such event. */
export function event(emitter: unknown, name: string): Promise<EventContext> {
  return new Promise((resolve) => (emitter as Emitter).once(name, resolve));
}

export interface Attached<T> {
  readonly link: T;
  /** What the server's attach said. */
  readonly answer: Record<string, unknown>;
  /** The error condition of the server's detach. */
  readonly refused: Promise<string | undefined>;
}

export class WireClient {
  readonly connection: Connection;
  readonly #open: Promise<unknown>;
  #requests = 0;

  constructor(port: number, options: Record<string, unknown> = {}) {
    const container = rhea.create_container();
    container.on('error', () => {});
    container.on('disconnected', () => {});
    this.connection = container.connect({ port, host: 'localhost', username: 'x', reconnect: false, ...options } as never);
    this.#open = event(this.connection, 'connection_open');
  }

  async opened(): Promise<this> {
    await this.#open;
    return this;
  }

  async receiver(options: ReceiverOptions): Promise<Attached<Receiver>> {
    const link = this.connection.open_receiver({ credit_window: 0, autoaccept: false, ...options });
    const refused = conditionOf(event(link, 'receiver_close'), link);
    await event(link, 'receiver_open');
    return { link, answer: answerOf(link), refused };
  }

  async sender(options: SenderOptions): Promise<Attached<Sender>> {
    const link = this.connection.open_sender(options);
    const refused = conditionOf(event(link, 'sender_close'), link);
    const sendable = event(link, 'sendable');
    await event(link, 'sender_open');
    if (answerOf(link)['target'] !== null) await sendable;
    return { link, answer: answerOf(link), refused };
  }

  /** A request and its answer, over a pair of links as the clients open them. */
  async request(address: string, message: Record<string, unknown>, links: Record<string, unknown> = {}) {
    const replyTo = `reply-${++this.#requests}`;
    const { link: receiver } = await this.receiver({ source: address, target: replyTo, name: replyTo, ...links } as ReceiverOptions);
    receiver.add_credit(1);
    const { link: sender } = await this.sender({ target: address, ...links } as SenderOptions);
    const answer = event(receiver, 'message');
    sender.send({ message_id: replyTo, reply_to: replyTo, ...message } as never);
    return (await answer).message!;
  }

  async putToken(audience: string, token = JWT, type = 'jwt'): Promise<number> {
    await this.opened();
    const properties = { operation: 'put-token', type, name: audience };
    const answer = await this.request('$cbs', { application_properties: properties, body: token });
    return answer.application_properties!['status-code'] as number;
  }

  async close(): Promise<void> {
    if (this.#socket.destroyed) return;
    this.connection.close();
    await event(this.connection, 'connection_close');
  }

  /** Gone without a word. */
  async kill(): Promise<void> {
    this.#socket.destroy();
    await once(this.#socket, 'close');
  }

  get #socket(): Socket {
    return (this.connection as unknown as { socket: Socket }).socket;
  }
}

function answerOf(link: unknown): Record<string, unknown> {
  const { attach } = (link as { remote: { attach: Record<string, unknown> } }).remote;
  const fields = ['source', 'target', 'snd_settle_mode', 'rcv_settle_mode', 'max_message_size'];
  // rhea shows an absent terminus as a typed null.
  return Object.fromEntries(
    fields.map((name) => [name, (attach[name] as { value?: unknown } | undefined)?.value === null ? null : attach[name]]),
  );
}

async function conditionOf(closed: Promise<EventContext>, link: { error?: unknown }): Promise<string | undefined> {
  await closed;
  return (link.error as { condition?: string } | undefined)?.condition;
}
