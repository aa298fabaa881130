// The HTTP server: hands each request to Graph's part, the identity part, the upload part or the control API.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { controlRequest } from '../control/routes.ts';
import { clientCredentials, managedIdentityToken, openIdConfiguration } from '../identity/endpoints.ts';
import { tenantId } from '../identity/tokens.ts';
import { uploadRequest, uploadSessionOf } from '../operations/uploads.ts';
import type { EmulatorState } from '../state.ts';
import type { Mailbox } from '../store/mailbox.ts';
import { viewerRequest } from '../viewer/routes.ts';
import { type Answer, errorAnswer, render, write } from './answer.ts';
import { errors, GraphError } from './errors.ts';
import { run, type Work } from './graph.ts';
import { type GraphRequest, readRequest } from './request.ts';
import { findRoute } from './routes.ts';

const uploadLimit = 4 * 1024 * 1024;
const controlLimit = 256 * 1024 * 1024;
const open = () => {};

/** A mailbox's own state can refuse every request. */
function checkMailbox(mailbox: Mailbox): void {
  if (mailbox.state === 'notEnabledForRest') throw errors.notEnabledForRest();
  if (mailbox.state === 'blockedByPolicy') throw errors.blockedByPolicy();
  if (mailbox.state === 'accessDenied') throw errors.accessDenied();
}

function graphWork(state: EmulatorState, message: IncomingMessage, segments: readonly string[]): Work {
  const match = findRoute(message.method ?? 'GET', segments);
  if (match instanceof GraphError) {
    const refuse = () => {
      throw match;
    };
    return { name: 'unknown', mailbox: null, bodyLimit: state.switches.requestSizeLimit, admit: refuse, perform: refuse };
  }
  const { route, params } = match;
  const name = params['mailbox'] ?? '';
  const mailbox = state.directory.find(name);
  const uploads = ['POST', 'PUT', 'PATCH'].includes(route.method);
  let principal: Awaited<ReturnType<typeof state.tokens.verifyForGraph>> = {};
  let entered = '';
  return {
    name: route.name,
    mailbox: mailbox?.address ?? name.toLowerCase(),
    bodyLimit: state.switches.requestSizeLimit,
    async admit(request) {
      principal = await state.tokens.verifyForGraph(request.headers.authorization, state.url);
      const roles = Array.isArray(principal['roles']) ? (principal['roles'] as string[]) : [];
      if (roles.length === 0)
        throw new GraphError(401, 'NoPermissionsInAccessToken', 'The token contains no permissions, or permissions can not be understood.');
      if (mailbox === undefined) throw errors.invalidUser(name);
      entered = String(principal['appid'] ?? principal['azp'] ?? '');
      const throttled = state.gates.enter(mailbox.address, entered, state.clock.now());
      if (throttled !== undefined) throw throttled;
      if (!route.roles.some((role) => roles.includes(role))) throw errors.accessDenied();
      checkMailbox(mailbox);
    },
    perform(request, effects) {
      if (mailbox === undefined) throw errors.invalidUser(name);
      const throttled = uploads ? state.gates.upload(mailbox.address, entered, request.body.length, state.clock.now()) : undefined;
      if (throttled !== undefined) throw throttled;
      return route.operation({ state, request, mailbox, principal, params, effects });
    },
    done() {
      if (mailbox !== undefined && entered !== '') state.gates.leave(mailbox.address, entered);
    },
  };
}

function identityWork(state: EmulatorState, segments: readonly string[]): Work | undefined {
  const [first = '', ...rest] = segments;
  const path = rest.join('/');
  const work = (name: string, perform: (request: GraphRequest) => Answer | Promise<Answer>): Work => ({
    name,
    mailbox: null,
    bodyLimit: 65_536,
    admit: open,
    perform,
  });
  if (first === 'msi' && path === 'token') return work('token', (request) => managedIdentityToken(state, request));
  if (![tenantId, 'common', 'organizations'].includes(first)) return undefined;
  if (path === 'v2.0/.well-known/openid-configuration' || path === '.well-known/openid-configuration')
    return work('keys', (request) => openIdConfiguration(state, request));
  if (path === 'discovery/v2.0/keys' || path === 'discovery/keys')
    return work('keys', () => ({ status: 200, json: { keys: state.tokens.publicKeys() } }));
  if (path === 'oauth2/v2.0/token') return work('tenantToken', (request) => clientCredentials(state, request));
  return undefined;
}

function uploadWork(state: EmulatorState, head: GraphRequest): Work {
  const session = state.uploads.find(head.segments.at(-1) ?? '');
  return {
    name: head.method === 'PUT' ? 'put' : 'uploadSession',
    mailbox: session?.mailbox.address ?? null,
    bodyLimit: uploadLimit,
    admit: (request) => void uploadSessionOf(state, request),
    perform: (request) => uploadRequest(state, uploadSessionOf(state, request), request),
  };
}

async function handle(state: EmulatorState, controlled: boolean, message: IncomingMessage, response: ServerResponse): Promise<void> {
  let head: GraphRequest;
  try {
    head = readRequest(message, Buffer.alloc(0), state.clock.now(), new URL(state.url).host);
  } catch (error) {
    const request = readRequest(Object.assign(message, { url: '/' }), Buffer.alloc(0), state.clock.now(), 'localhost');
    return write(render(errorAnswer(error instanceof GraphError ? error : errors.internal(), request), request), response);
  }
  const [first = '', ...rest] = head.segments;
  if (first === 'v1.0') return run(state, message, response, graphWork(state, message, rest));
  if (first === 'control' && controlled) {
    return run(state, message, response, {
      name: 'control',
      mailbox: null,
      bodyLimit: controlLimit,
      admit: open,
      perform: (request) => controlRequest(state, request),
    });
  }
  const identity = identityWork(state, head.segments);
  if (identity !== undefined) return run(state, message, response, identity);
  if (first === 'api' && rest.length >= 6) return run(state, message, response, uploadWork(state, head));
  return run(state, message, response, {
    name: 'other',
    mailbox: null,
    bodyLimit: 65_536,
    admit: open,
    perform: (request) => viewerRequest(state, controlled, request),
  });
}

export interface RunningServer {
  readonly server: Server;
  readonly port: number;
  close(): Promise<void>;
}

export async function listen(state: EmulatorState, port: number, host: string | undefined, controlled: boolean): Promise<RunningServer> {
  const server = createServer({ keepAliveTimeout: 60_000, requestTimeout: 0 }, (message, response) => {
    handle(state, controlled, message, response).catch((error: unknown) => {
      process.stderr.write(`graph-mail: ${error instanceof Error ? error.stack : String(error)}\n`);
      response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address();
  return {
    server,
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
