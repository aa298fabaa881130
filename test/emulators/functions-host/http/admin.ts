// The host's admin API, as far as tests and operators use it, and the control surface of the emulator.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { hostVersion } from '../protocol.ts';
import { sendEmpty } from './rpc-to-http.ts';

export interface AdminApi {
  answer(request: IncomingMessage, response: ServerResponse, path: string): void;
}

export interface AdminOptions {
  functions: { name: string; type: string; route?: string }[];
  /** Undefined: no such function. False: its trigger can't be played this way. */
  runNow(name: string): boolean | undefined;
  /** Present only if control is enabled. */
  killWorker: (() => void) | undefined;
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'content-length': String(body.length) }).end(body);
}

export function createAdminApi(options: AdminOptions): AdminApi {
  return {
    answer(request, response, path) {
      request.resume();
      const [, area, name] = path.toLowerCase().split('/').filter(Boolean);
      const route = `${request.method} ${area}`;
      if (route === 'GET host' && name === 'status')
        return sendJson(response, 200, { id: 'functions-host-emulator', state: 'Running', version: hostVersion });
      if (area === 'host' && name === 'ping') return sendEmpty(response, 200);
      if (route === 'POST host' && name === 'kill-worker' && options.killWorker) {
        options.killWorker();
        return sendEmpty(response, 202);
      }
      if (route === 'GET functions' && name === undefined) return sendJson(response, 200, options.functions);
      if (route === 'POST functions' && name !== undefined) {
        const started = options.runNow(name);
        return sendEmpty(response, started === undefined ? 404 : started ? 202 : 501);
      }
      return sendEmpty(response, 404);
    },
  };
}
