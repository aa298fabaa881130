// Telemetry as structured log lines: one JSON object a line, which Application Insights indexes by its event name.
import { createHmac } from 'node:crypto';
import type { TelemetryEvent, TelemetryProperties } from '../../domain/log/telemetry-events.ts';
import { telemetryLine } from '../../domain/log/telemetry-line.ts';
import type { Telemetry } from '../../ports/telemetry.ts';
import { traceparentOfInvocation } from './current-invocation.ts';

export type WriteLine = (line: string) => void;

/** 64 bits tell any number of mailboxes apart, and say nothing without the key. */
const HASH_LENGTH = 16;

export class LogTelemetry implements Telemetry {
  readonly #write: WriteLine;
  readonly #hashKey: string | undefined;

  /** If there is a key, telemetry shows a keyed hash in place of the mailbox. */
  constructor(write: WriteLine, hashKey?: string) {
    this.#write = write;
    this.#hashKey = hashKey;
  }

  event<Name extends TelemetryEvent>(name: Name, properties: TelemetryProperties<Name>): void {
    const { mailbox, traceparent } = properties as { mailbox?: string; traceparent?: string };
    const key = this.#hashKey;
    const told = {
      ...properties,
      ...(key !== undefined && mailbox !== undefined && { mailbox: hashOf(mailbox, key) }),
      ...(traceparent !== undefined && isOwn(traceparent) && { traceparent: undefined }),
    };
    this.#write(telemetryLine(name, told));
  }
}

/** Where the trace begins and ends in a `traceparent`. */
const [FROM, TO] = [3, 35];

/** Of the invocation in hand: Application Insights has it as the line's OperationId. */
const isOwn = (traceparent: string): boolean => traceparentOfInvocation()?.slice(FROM, TO) === traceparent.slice(FROM, TO);

/** Also what an operator computes to find a mailbox: `printf %s MAILBOX | openssl dgst -sha256 -hmac KEY`, the first 16 digits. */
const hashOf = (mailbox: string, key: string): string => createHmac('sha256', key).update(mailbox).digest('hex').slice(0, HASH_LENGTH);
