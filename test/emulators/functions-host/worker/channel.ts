// The worker's end of the channel to its host.
import type { WorkerMessage } from '../protocol.ts';
import type { RpcException } from '../rpc.ts';

export function sendToHost(message: WorkerMessage): void {
  if (process.connected) process.send?.(message);
}

export function toException(error: unknown): RpcException {
  if (error instanceof Error) return { message: error.message, stackTrace: error.stack ?? String(error) };
  const message = typeof error === 'string' ? error : (JSON.stringify(error) ?? String(error));
  return { message, stackTrace: message };
}
