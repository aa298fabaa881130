// The settlement service of the Functions host's Service Bus extension (service Settlement of its settlement.proto), which any worker can
// call for the messages that it was given, whatever its binding: SettlementService and ServiceBusListener in azure-sdk-for-net.
import type { Clock } from '../../ports/clock.ts';
import type { LockedMessage, Settlement } from '../../ports/settlement.ts';
import type { Telemetry } from '../../ports/telemetry.ts';
import { GRPC_STATUS, GrpcChannel, GrpcError } from './grpc-channel.ts';

const DEADLINE_MS = 5_000;
/** After no answer: a mail must not wait for the deadline each time. */
const PAUSE_MS = 60_000;
/** A fault that lasts is logged at most this often. */
const TELL_EVERY_MS = 10 * 60_000;

/** A protobuf message whose field 1 is the text: both CompleteRequest (locktoken) and ReleaseSessionRequest (sessionId). */
function textMessage(text: string): Uint8Array {
  const bytes = Buffer.from(text);
  const head = [0x0a];
  let rest = bytes.length;
  for (; rest > 0x7f; rest >>>= 7) head.push((rest & 0x7f) | 0x80);
  return Buffer.concat([Buffer.from([...head, rest]), bytes]);
}

export interface HostSettlementOptions {
  url: string;
  clock: Clock;
  telemetry: Telemetry;
  deadlineMs?: number;
}

export class HostSettlement implements Settlement {
  readonly #channel: GrpcChannel;
  readonly #clock: Clock;
  readonly #telemetry: Telemetry;
  #notBefore = 0;
  #tellNotBefore = 0;

  constructor({ url, clock, telemetry, deadlineMs = DEADLINE_MS }: HostSettlementOptions) {
    this.#channel = new GrpcChannel(url, deadlineMs);
    this.#clock = clock;
    this.#telemetry = telemetry;
  }

  /**
   * The release alone would be wrong: the extension cancels the message's token for it, and then gives up the message of a function that has
   * succeeded instead of completing it. Ten times, and the message is dead-lettered (seen with Azure.Messaging.ServiceBus 7.21).
   * What is completed before is left alone.
   */
  async settle({ lockToken, sessionId }: LockedMessage): Promise<void> {
    if (this.#clock.now() < this.#notBefore) return;
    try {
      await this.#channel.call('/Settlement/Complete', textMessage(lockToken));
      await this.#channel.call('/Settlement/ReleaseSession', textMessage(sessionId));
    } catch (error) {
      this.#failed(error instanceof GrpcError ? error : new GrpcError(GRPC_STATUS.unknown, String(error)));
    }
  }

  close(): void {
    this.#channel.close();
  }

  /** A lost lock concerns this message only. If the service is missing or silent, it concerns all messages. */
  #failed({ status, message }: GrpcError): void {
    const now = this.#clock.now();
    if (status === GRPC_STATUS.unimplemented) this.#notBefore = Number.POSITIVE_INFINITY;
    else if (status === GRPC_STATUS.unavailable || status === GRPC_STATUS.deadlineExceeded) this.#notBefore = now + PAUSE_MS;
    if (now < this.#tellNotBefore) return;
    this.#tellNotBefore = now + TELL_EVERY_MS;
    // The extension's message for UNKNOWN is an exception with its stack.
    this.#telemetry.event('sessionNotReleased', { reason: `gRPC status ${status}: ${message.split('\n', 1)[0]?.slice(0, 200)}` });
  }
}
