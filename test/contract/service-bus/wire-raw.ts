// What rhea hides of the wire: the fields of frames and their AMQP types, as they were written.
import type rhea from 'rhea';
import { messages, types } from '../../emulators/service-bus/amqp/rhea-internals.ts';
import type { ServiceBusEmulator } from '../../emulators/service-bus/index.ts';
import { WireClient } from './wire-client.ts';

export interface RawValue {
  value: unknown;
  descriptor?: { value: unknown };
}

export interface RawFrame {
  readonly name: string;
  readonly fields: readonly (RawValue | undefined)[];
  readonly payload: Buffer | undefined;
}

const NAMES = ['open', 'begin', 'attach', 'flow', 'transfer', 'disposition', 'detach', 'end', 'close'];

type Handlers = Record<string, (frame: { performative: { value: RawValue[] }; payload?: Buffer }) => void>;

/** All frames that the server writes from now on. */
function framesOf(client: WireClient): RawFrame[] {
  const frames: RawFrame[] = [];
  const connection = client.connection as unknown as Handlers;
  for (const name of NAMES) {
    const read = connection[`on_${name}`]!.bind(connection);
    connection[`on_${name}`] = (frame) => {
      frames.push({ name, fields: [...frame.performative.value], payload: frame.payload });
      read(frame);
    };
  }
  return frames;
}

/** The fields of a described list within a frame, or of a list within that. */
export function listOf(value: RawValue | undefined): (RawValue | undefined)[] {
  return (value?.value ?? []) as (RawValue | undefined)[];
}

/** The value of a map by its key. */
export function entryOf(map: RawValue | undefined, key: string): RawValue | undefined {
  const items = listOf(map);
  return items[items.findIndex((item, i) => i % 2 === 0 && item?.value === key) + 1];
}

export const described = (code: number, value: unknown) => types.described_nc(types.wrap_ulong(code), types.wrap(value));

export const decode = (message: unknown) => messages.decode(message as Buffer) as ReturnType<typeof rhea.message.decode>;

/** Raw clients of one test file, with a token for the whole namespace. */
export function rawWires(emulator: () => ServiceBusEmulator) {
  const clients: WireClient[] = [];
  const own = (client: WireClient): WireClient => {
    clients.push(client);
    return client;
  };
  const wire = async (watch: (client: WireClient) => void = () => {}): Promise<WireClient> => {
    const client = own(new WireClient(emulator().port));
    watch(client);
    await client.opened();
    const status = await client.putToken(emulator().url);
    if (status !== 202) throw new Error(`put-token was answered ${status}`);
    return client;
  };
  const watched = async () => {
    let frames: RawFrame[] = [];
    const client = await wire((created) => {
      frames = framesOf(created);
    });
    return { client, frames, last: (name: string) => frames.findLast((frame) => frame.name === name)!.fields };
  };
  const closeAll = async () => {
    for (const client of clients.splice(0)) await client.close();
  };
  return { own, wire, watched, closeAll };
}
