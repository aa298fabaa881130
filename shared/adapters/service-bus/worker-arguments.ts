// Where the Functions host's own gRPC server is: it says so to the worker process in its arguments.

import { parseArgs } from 'node:util';

/**
 * The URL, or undefined if the process was not started by a host. It says `--functions-uri`; older hosts said `--host` and `--port` only
 * (azure-functions-host, RpcWorkerContext.GetFormattedArguments).
 */
export function hostServiceUrl(argv: readonly string[]): string | undefined {
  const { values } = parseArgs({
    args: [...argv],
    options: { 'functions-uri': { type: 'string' }, host: { type: 'string' }, port: { type: 'string' } },
    strict: false,
  });
  const { 'functions-uri': uri, host, port } = values;
  const url = typeof uri === 'string' ? uri : typeof host === 'string' && typeof port === 'string' ? `http://${host}:${port}` : undefined;
  return url !== undefined && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) ? url : undefined;
}
