// What each kind of request is to do, by its path: an operation on a mailbox, a token, an upload, the message trace.
import type { IncomingMessage } from 'node:http';
import type { JWTPayload } from 'jose';
import { plain } from '../identity/answers.ts';
import { managedIdentityToken, openIdConfiguration, tenantToken } from '../identity/endpoints.ts';
import { authorize, endSession } from '../identity/sign-in.ts';
import { tenantId } from '../identity/tokens.ts';
import { findTraceOperation, traceLimit } from '../operations/message-trace.ts';
import { uploadRequest, uploadSessionOf } from '../operations/uploads.ts';
import type { EmulatorState } from '../state.ts';
import type { Mailbox } from '../store/mailbox.ts';
import type { Answer } from './answer.ts';
import { errors, GraphError } from './errors.ts';
import type { Work } from './graph.ts';
import type { GraphRequest } from './request.ts';
import { findRoute } from './routes.ts';

const uploadLimit = 4 * 1024 * 1024;
const open = () => {};

/** A mailbox's own state can refuse every request. */
function checkMailbox(mailbox: Mailbox): void {
  if (mailbox.state === 'notEnabledForRest') throw errors.notEnabledForRest();
  if (mailbox.state === 'blockedByPolicy') throw errors.blockedByPolicy();
  if (mailbox.state === 'accessDenied') throw errors.accessDenied();
}

const applicationOf = (principal: JWTPayload) => String(principal['appid'] ?? principal['azp'] ?? 'unknown');

function rolesOf(principal: JWTPayload): string[] {
  const roles = Array.isArray(principal['roles']) ? (principal['roles'] as string[]) : [];
  if (roles.length > 0) return roles;
  throw new GraphError(401, 'NoPermissionsInAccessToken', 'The token contains no permissions, or permissions can not be understood.');
}

/** Message trace is the tenant's, not a mailbox's; it has a limit of its own. */
function traceWork(state: EmulatorState, segments: readonly string[]): Work | undefined {
  const operation = findTraceOperation(segments);
  if (operation === undefined) return undefined;
  return {
    name: 'messageTrace',
    mailbox: null,
    bodyLimit: 65_536,
    async admit(request) {
      const principal = await state.tokens.verifyForGraph(request.headers.authorization, state.url);
      if (!rolesOf(principal).includes('ExchangeMessageTrace.Read.All')) throw errors.insufficientPrivileges();
      const throttled = state.gates.trace(applicationOf(principal), traceLimit, state.clock.now());
      if (throttled !== undefined) throw throttled;
      if (request.method !== 'GET') throw errors.methodNotAllowed();
    },
    perform: (request) => operation(state, request),
  };
}

export function graphWork(state: EmulatorState, message: IncomingMessage, segments: readonly string[]): Work {
  const trace = traceWork(state, segments);
  if (trace !== undefined) return trace;
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
  // Whatever needs the permission to send hands a mail to transport.
  const isSubmission = route.roles.includes('Mail.Send');
  const uploads = ['POST', 'PUT', 'PATCH'].includes(route.method);
  let principal: JWTPayload = {};
  let entered: string | null = null;
  return {
    name: route.name,
    mailbox: mailbox?.address ?? name.toLowerCase(),
    bodyLimit: state.switches.requestSizeLimit,
    async admit(request) {
      principal = await state.tokens.verifyForGraph(request.headers.authorization, state.url);
      const roles = rolesOf(principal);
      if (mailbox === undefined) throw errors.invalidUser(name);
      entered = applicationOf(principal);
      const throttled = state.gates.enter(mailbox.address, entered, state.clock.now(), isSubmission);
      if (throttled !== undefined) throw throttled;
      if (!route.roles.some((role) => roles.includes(role))) {
        throw route.name === 'user' ? errors.insufficientPrivileges() : errors.accessDenied();
      }
      checkMailbox(mailbox);
    },
    perform(request, effects) {
      if (mailbox === undefined) throw errors.invalidUser(name);
      const throttled = uploads
        ? state.gates.upload(mailbox.address, applicationOf(principal), request.body.length, state.clock.now())
        : undefined;
      if (throttled !== undefined) throw throttled;
      return route.operation({ state, request, mailbox, principal, params, effects });
    },
    done() {
      if (mailbox !== undefined && entered !== null) state.gates.leave(mailbox.address, entered, isSubmission);
    },
  };
}

export function identityWork(state: EmulatorState, segments: readonly string[]): Work | undefined {
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
    return work('keys', () => plain(200, { keys: state.tokens.publicKeys() }));
  if (path === 'oauth2/v2.0/token') return work('tenantToken', (request) => tenantToken(state, request));
  if (path === 'oauth2/v2.0/authorize') return work('signIn', (request) => authorize(state, request));
  if (path === 'oauth2/v2.0/logout') return work('signIn', (request) => endSession(state, request));
  return undefined;
}

export function uploadWork(state: EmulatorState, head: GraphRequest): Work {
  const session = state.uploads.find(head.segments.at(-1) ?? '');
  return {
    name: head.method === 'PUT' ? 'put' : 'uploadSession',
    mailbox: session?.mailbox.address ?? null,
    bodyLimit: uploadLimit,
    admit: (request) => void uploadSessionOf(state, request),
    perform: (request) => uploadRequest(state, uploadSessionOf(state, request), request),
  };
}
