// The claims-based security node: takes put-token requests (AMQP Claims-based Security 1.0, draft).
import { BrokerError, conditions } from '../core/errors.ts';
import type { ClientConnection } from './client-connection.ts';
import type { Request } from './request-node.ts';
import { type AmqpMessage, types } from './rhea-internals.ts';
import { type SharedKey, verifySasToken } from './sas-token.ts';

const SAS = 'servicebus.windows.net:sastoken';
/** Python names every token a JWT; the scheme tells which are shared access signatures. */
const TOKEN_TYPES: ReadonlySet<unknown> = new Set(['jwt', SAS]);
const SAS_SCHEME = 'SharedAccessSignature ';

export function handleTokenRequest(connection: ClientConnection, request: Request, key: SharedKey): void {
  let status = 202;
  let description = 'Accepted';
  try {
    takeToken(connection, request.message, key);
  } catch (error) {
    if (!(error instanceof BrokerError)) throw error;
    status = error.condition === conditions.unauthorized ? 401 : 400;
    description = error.message;
  }
  request.answer({ 'status-code': types.wrap_int(status), 'status-description': description });
}

function takeToken(connection: ClientConnection, request: AmqpMessage, key: SharedKey): void {
  const { operation, type, name } = request.application_properties ?? {};
  if (operation !== 'put-token' || typeof name !== 'string' || typeof request.body !== 'string') {
    throw new BrokerError(conditions.argument, 'A put-token request needs operation, type, name and a token as its body.');
  }
  if (!TOKEN_TYPES.has(type)) throw new BrokerError(conditions.argument, `The token type '${String(type)}' is not supported.`);
  const shared = type === SAS || request.body.startsWith(SAS_SCHEME);
  connection.rights.grant(name, shared ? verifySasToken(request.body, name, key, Date.now()) : jwtExpiry(request.body));
}

/** A JWT is taken as it is: there is no issuer to ask here. Only its shape and its expiry are read. */
function jwtExpiry(token: string): number {
  try {
    const payload = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as { exp?: unknown };
    const expiresAt = payload.exp === undefined ? Number.POSITIVE_INFINITY : Number(payload.exp) * 1000;
    if (expiresAt > Date.now()) return expiresAt;
  } catch {
    throw new BrokerError(conditions.unauthorized, 'InvalidToken: The token is no JWT.');
  }
  throw new BrokerError(conditions.unauthorized, 'ExpiredToken: The token has expired.');
}
