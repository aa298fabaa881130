// The script of a worker thread (dist/mail-thread.cjs): decodes bodies and takes MIME apart, and hands the bytes back without a copy.
import { Transfer, worker } from 'workerpool';
import { type DecodeOrder, decodeMail } from '../../domain/content/decode-operation.ts';
import { takeApart } from '../../domain/content/take-apart.ts';

/** Bytes that share their memory with others, as small buffers of Node's do, are copied by the clone instead. */
const movable = (arrays: readonly Uint8Array[]): ArrayBuffer[] => [
  ...new Set(
    arrays.filter(({ length, buffer }) => length > 0 && length * 2 > buffer.byteLength).map(({ buffer }) => buffer as ArrayBuffer),
  ),
];

/** Frees memory now: a thread that is idle collects no garbage. */
function free({ buffer }: Uint8Array): void {
  const { port1, port2 } = new MessageChannel();
  port1.postMessage(undefined, [buffer as ArrayBuffer]);
  port1.close();
  port2.close();
}

worker({
  async decode(order: DecodeOrder) {
    const decoded = await decodeMail(order);
    free(order.body);
    return new Transfer(decoded, decoded.ok ? movable([decoded.value.content]) : []);
  },
  async takeApart(mime: Uint8Array) {
    const apart = await takeApart(mime);
    free(mime);
    return new Transfer(apart, apart.ok ? movable(apart.value.files.map(({ content }) => content)) : []);
  },
});
