// Connections to Graph. A request gets one only after it is established and the certificate is verified: if anything fails before that, nothing was sent.
import { Agent as HttpAgent } from 'node:http';
import { globalAgent, Agent as HttpsAgent } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

type Taken = (error: Error | null, socket: Duplex) => void;

export interface ConnectionTimes {
  /** Milliseconds to look the host up, connect and shake hands. */
  connectMs: number;
  /** Milliseconds that an idle connection is kept. Shorter than servers keep theirs, so that a request seldom meets one that is being closed. */
  idleMs: number;
}

const CONNECTION_TIMES: ConnectionTimes = { connectMs: 10_000, idleMs: 4_000 };

/**
 * Hands the socket over at its event `ready`. TLS queues what is written before the certificate is verified, so nothing may be written earlier.
 * https://nodejs.org/api/http.html#agentcreateconnectionoptions-callback
 */
function handOver(
  socket: Duplex | null | undefined,
  ready: 'connect' | 'secureConnect',
  { connectMs }: ConnectionTimes,
  taken: Taken,
): void {
  const connecting = socket as Socket;
  const late = setTimeout(() => connecting.destroy(new Error(`no connection within ${connectMs} ms`)), connectMs);
  const failed = (error: Error) => {
    clearTimeout(late);
    taken(error, connecting);
  };
  connecting.once('error', failed);
  connecting.once(ready, () => {
    clearTimeout(late);
    // Node listens for errors only while a request uses the socket or the pool keeps it.
    connecting.on('error', () => {});
    connecting.removeListener('error', failed);
    taken(null, connecting);
  });
}

/** The same agent, whose requests get their connections only when they are ready. */
function handingOver<Kind extends HttpAgent>(agent: Kind, ready: 'connect' | 'secureConnect', times: ConnectionTimes): Kind {
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (options, callback) => {
    handOver(connect(options), ready, times, callback as Taken);
    return undefined;
  };
  return agent;
}

export interface Connections {
  http: HttpAgent;
  https: HttpsAgent;
}

/**
 * If NODE_USE_ENV_PROXY is set, these connections use the proxy too. Then Node builds the tunnel itself, and a failure counts as "no answer"
 * unless Node reports it before it hands the connection to the request.
 */
export function openConnections(times: ConnectionTimes = CONNECTION_TIMES, trusted: { ca?: string } = {}): Connections {
  const { proxyEnv } = globalAgent.options as { proxyEnv?: NodeJS.ProcessEnv };
  const options = { keepAlive: true, timeout: times.idleMs, ...trusted, ...(proxyEnv && { proxyEnv }) };
  if (proxyEnv) return { http: new HttpAgent(options), https: new HttpsAgent(options) };
  return {
    http: handingOver(new HttpAgent(options), 'connect', times),
    https: handingOver(new HttpsAgent(options), 'secureConnect', times),
  };
}
