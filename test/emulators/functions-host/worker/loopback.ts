// Servers of the worker process listen on this machine's own address: with HTTP streaming the library opens one for all addresses.
import net from 'node:net';

/** `listen(port?, callback?)` without a host gets one; everything else stays as it is. */
export function listenOnLoopback(): void {
  const { listen } = net.Server.prototype;
  net.Server.prototype.listen = function (this: net.Server, ...args: unknown[]) {
    const [port, ...rest] = typeof args[0] === 'function' || args.length === 0 ? [0, ...args] : args;
    const isOpen = typeof port === 'number' && rest.every((one) => typeof one === 'function');
    return (listen as (...all: unknown[]) => net.Server).apply(this, isOpen ? [port, '127.0.0.1', ...rest] : args);
  } as typeof listen;
}
