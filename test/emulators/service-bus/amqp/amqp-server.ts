// Listens for AMQP connections and ties each one's events to the broker.
import { randomUUID } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';
import type { Broker } from '../core/broker.ts';
import type { Faults } from '../faults.ts';
import { ClientConnection } from './client-connection.ts';
import { ignoreLateEnds } from './late-frames.ts';
import { Links } from './links.ts';
import { newContainer, type RheaConnection } from './rhea-internals.ts';
import { Rights } from './rights.ts';
import type { SharedKey } from './sas-token.ts';
import { patchSession } from './session-patches.ts';
import { writeWholeFrames } from './whole-frames.ts';

/** As Service Bus opens its side of a connection. */
const MAX_FRAME_SIZE = 65_536;
const IDLE_TIME_OUT_MS = 120_000;

export interface AmqpServerOptions {
  readonly broker: Broker;
  readonly faults: Faults;
  readonly key: SharedKey;
  readonly log: (line: string) => void;
}

export class AmqpServer {
  readonly #options: AmqpServerOptions;
  readonly #links: Links;
  readonly #server: Server;
  readonly #container = newContainer(`service-bus-emulator-${randomUUID()}`);
  readonly #connections = new Map<Socket, ClientConnection>();
  /** While true, every connection is reset as soon as it is made. */
  outage = false;

  constructor(options: AmqpServerOptions) {
    this.#options = options;
    this.#links = new Links(options.broker, options.faults, options.key);
    const mechanisms = this.#container.sasl_server_mechanisms;
    mechanisms.enable_anonymous();
    // .NET and Python ask for Service Bus's own name of it.
    mechanisms['MSSBCBS'] = mechanisms['ANONYMOUS'];
    this.#server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
  }

  listen(port: number, host: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, () => {
        this.#server.off('error', reject);
        resolve((this.#server.address() as { port: number }).port);
      });
    });
  }

  get connectionCount(): number {
    return this.#connections.size;
  }

  dropConnections(): number {
    const dropped = this.#connections.size;
    for (const connection of [...this.#connections.values()]) connection.drop();
    return dropped;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.dropConnections();
    await closed;
  }

  #accept(socket: Socket): void {
    if (this.outage) {
      socket.resetAndDestroy();
      return;
    }
    const amqp = this.#container.create_connection({
      max_frame_size: MAX_FRAME_SIZE,
      idle_time_out: IDLE_TIME_OUT_MS,
      tcp_no_delay: true,
      reconnect: false,
      receiver_options: { autoaccept: false, credit_window: 0 },
      sender_options: { treat_modified_as_released: false },
    });
    const connection = new ClientConnection(amqp, socket, new Rights(), () => this.#options.broker.clock.now());
    this.#connections.set(socket, connection);
    socket.on('close', () => {
      this.#connections.delete(socket);
      connection.gone('dropped');
    });
    this.#follow(amqp, connection, socket);
    amqp.accept(socket);
  }

  #follow(amqp: RheaConnection, connection: ClientConnection, socket: Socket): void {
    ignoreLateEnds(amqp);
    writeWholeFrames(amqp);
    amqp.on('session_open', ({ session }) => patchSession(session));
    amqp.on('session_close', ({ session }) => connection.sessionEnded(session));
    amqp.on('receiver_open', ({ receiver }) => this.#links.openReceiver(connection, receiver!));
    amqp.on('sender_open', ({ sender }) => this.#links.openSender(connection, sender!));
    amqp.on('connection_close', () => connection.gone('closed'));
    amqp.on('disconnected', () => connection.gone('dropped'));
    for (const event of ['error', 'protocol_error', 'connection_error']) {
      amqp.on(event, (context) => this.#options.log(`${event} on a connection: ${String(context.error ?? context)}`));
    }
    // Handled by their close events; unheard, rhea would throw them.
    for (const event of ['session_error', 'sender_error', 'receiver_error', 'sender_close', 'receiver_close']) amqp.on(event, () => {});
    socket.on('error', (error) => this.#options.log(`socket: ${error.message}`));
  }
}
