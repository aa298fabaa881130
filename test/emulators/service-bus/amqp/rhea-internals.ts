// The parts of rhea 3.0.5 that its typings hide and this server leans on. rhea is pinned for their sake.
import type { Socket } from 'node:net';
import rhea from 'rhea';

/** A value with its AMQP type, as rhea reads and writes it. */
export interface Typed {
  value: unknown;
  descriptor?: Typed;
  toRheaTyped(): Typed;
}

export interface TypedList extends Typed {
  value: Typed[];
}

interface Types {
  wrap(value: unknown): Typed;
  Null(): Typed;
  wrap_int(value: number): Typed;
  wrap_uint(value: number): Typed;
  wrap_ulong(value: number): Typed;
  wrap_long(value: number | Buffer): Typed;
  wrap_binary(value: Buffer): Typed;
  wrap_string(value: string): Typed;
  wrap_symbol(value: string): Typed;
  wrap_timestamp(value: number): Typed;
  wrap_uuid(value: Buffer): Typed;
  wrap_array(values: unknown[], typecode: number): Typed;
  wrap_list(values: unknown[]): Typed;
  wrap_map(values: Record<string, unknown>): Typed;
  described_nc(descriptor: Typed, value: Typed): Typed;
  Map32(values: Typed[]): Typed;
  List32(values: Typed[]): Typed;
  Reader: new (buffer: Uint8Array) => { position: number; read(): Typed };
  Writer: new () => { write(value: Typed): void; toBuffer(): Buffer };
}

/** Terminus and outcome composites keep their fields, typed, in `value`. */
export interface Composite {
  value: (Typed | undefined)[];
  described(): Typed;
}

interface Terminus extends Composite {
  address?: string | null;
}

export interface AmqpMessage {
  message_id?: unknown;
  correlation_id?: unknown;
  reply_to?: string;
  group_id?: string;
  ttl?: number;
  absolute_expiry_time?: Date;
  message_annotations?: Record<string, unknown>;
  application_properties?: Record<string, unknown>;
  body?: unknown;
}

interface Messages {
  decode(buffer: Buffer): AmqpMessage;
  header(fields: Record<string, unknown>): Composite;
  accepted(): Composite;
  released(): Composite;
  modified(fields: Record<string, unknown>): Composite;
  rejected(fields: { error?: AmqpError }): Composite;
}

export interface AmqpError {
  condition: string;
  description: string;
  /** Null is written, a field left out is not. */
  info: null;
}

export interface Delivery {
  id: number;
  format: number;
  settled: boolean;
  remote_settled: boolean;
  remote_state: Composite | undefined;
  update(settled: boolean, state?: Typed): void;
}

interface LocalAttach {
  source?: Typed | undefined;
  target?: Typed | undefined;
  snd_settle_mode?: number;
  rcv_settle_mode?: number;
  max_message_size?: number;
  properties?: Record<string, unknown>;
}

interface EventContext {
  connection: RheaConnection;
  session: RheaSession;
  sender?: SenderLink;
  receiver?: ReceiverLink;
  message?: AmqpMessage | Buffer;
  delivery?: Delivery;
  error?: Error;
}

interface Emitter {
  on(event: string, listener: (context: EventContext) => void): void;
}

interface Link extends Emitter {
  readonly name: string;
  readonly source: Terminus | null | undefined;
  readonly target: Terminus | null | undefined;
  readonly snd_settle_mode: number | undefined;
  readonly rcv_settle_mode: number | undefined;
  readonly properties: Record<string, unknown> | null | undefined;
  readonly session: RheaSession;
  local: { attach: LocalAttach; handle: number };
  is_receiver(): boolean;
  state: { local_open: boolean; remote_open: boolean; open_requests: number };
  credit: number;
  delivery_count: number;
  issue_flow: boolean;
  set_source(fields: Record<string, unknown>): void;
  is_open(): boolean;
  _process(): void;
  open(): void;
  close(error?: AmqpError): void;
  remove(): void;
}

export interface SenderLink extends Link {
  _draining: boolean;
  _get_drain(): boolean;
  send(message: AmqpMessage | Buffer, tag?: Buffer, format?: number): Delivery;
}

export interface ReceiverLink extends Link {
  flow(credit: number): void;
}

export type AnyLink = SenderLink | ReceiverLink;

export interface TransferFrame {
  performative: { more?: boolean; message_format?: number };
  payload: Buffer | undefined;
}

export interface AttachFrame {
  performative: { name: string; role: boolean; target: Typed | null | undefined };
}

export interface DetachFrame {
  channel: number;
  performative: { handle: number };
}

export interface EndFrame {
  channel: number;
}

export interface FlowFrame {
  performative: { handle?: number; echo?: boolean };
}

export interface RheaSession extends Emitter {
  state: { remote_open: boolean };
  links: Record<string, AnyLink>;
  local: { handles: Record<number, AnyLink>; begin: { handle_max?: number } };
  remote: { handles: Record<string, AnyLink> };
  on_attach(frame: AttachFrame): void;
  on_detach(frame: DetachFrame): void;
  on_flow(frame: FlowFrame): void;
  on_disposition(frame: unknown): void;
  remove_link(link: AnyLink): void;
  outgoing: { deliveries: unknown; pending_dispositions: Delivery[]; update(...settlement: unknown[]): void; process(): void };
  incoming: { updated: Delivery[]; on_transfer(frame: TransferFrame, receiver: ReceiverLink): void; process(session: RheaSession): void };
}

export interface RheaConnection extends Emitter {
  accept(socket: Socket): void;
  _write_frame(channel: number, frame: Composite | undefined, payload?: Buffer): void;
  remote_channel_map: Record<number, RheaSession>;
  on_detach(frame: DetachFrame): void;
  on_end(frame: EndFrame): void;
}

interface Container {
  sasl_server_mechanisms: Record<string, unknown> & { enable_anonymous(): void };
  create_connection(options: Record<string, unknown>): RheaConnection;
}

export const types = rhea.types as unknown as Types;
export const messages = rhea.message as unknown as Messages;
export const newContainer = (id: string) => rhea.create_container({ id }) as unknown as Container;
