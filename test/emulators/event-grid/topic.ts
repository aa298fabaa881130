// The topics: a custom topic at /api/events, and any topic of a namespace at /topics/{name}:publish. What they take, and what they answer.
// https://learn.microsoft.com/azure/event-grid/post-to-custom-topic
// https://learn.microsoft.com/rest/api/eventgrid/dataplane/publish-cloud-events/publish-cloud-events
import { mistakesOf } from './cloud-event-check.ts';

/** https://learn.microsoft.com/azure/event-grid/quotas-limits */
const MAXIMUM_BYTES = 1024 * 1024;
const MAXIMUM_EVENTS = { custom: 5_000, namespace: 1_000 };
const AUDIENCE = 'https://eventgrid.azure.net';

export interface Asked {
  method: string;
  url: URL;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Buffer;
}

export interface Answered {
  status: number;
  body: unknown;
}

export type TakenEvent = Readonly<Record<string, unknown>>;

const problem = (status: number, code: string, message: string): Answered => ({ status, body: { error: { code, message } } });

const KINDS = {
  custom: { path: /^\/api\/events$/, version: '2018-01-01' },
  namespace: { path: /^\/topics\/[A-Za-z0-9-]{3,50}:publish$/, version: '2024-06-01' },
} as const;
type Kind = keyof typeof KINDS;

/** Audience and time only: who signed it, and the role of the identity, is not checked. */
function isToken(authorization: string): boolean {
  try {
    const [, payload = ''] = authorization.replace(/^Bearer /i, '').split('.');
    const { aud, exp } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { aud?: string; exp?: number };
    return aud?.replace(/\/$/, '') === AUDIENCE && (exp ?? 0) * 1000 > Date.now();
  } catch {
    return false;
  }
}

function mayPublish({ headers }: Asked, kind: Kind, key: string): boolean {
  const authorization = String(headers['authorization'] ?? '');
  if (/^Bearer /i.test(authorization)) return isToken(authorization);
  return kind === 'custom' ? headers['aeg-sas-key'] === key : authorization === `SharedAccessKey ${key}`;
}

/** The events of a request whose sign-in and form are right, or the answer that says what is wrong. */
export function readEvents(asked: Asked, key: string): { taken: TakenEvent[]; kind: Kind } | Answered {
  const { method, url, headers, body } = asked;
  const kind = (Object.keys(KINDS) as Kind[]).find((one) => KINDS[one].path.test(url.pathname));
  if (kind === undefined || method !== 'POST') return problem(404, 'NotFound', `No topic publishes at ${method} ${url.pathname}.`);
  const version = url.searchParams.get('api-version');
  if (version !== KINDS[kind].version)
    return problem(400, 'BadRequest', `api-version is ${version}; for this topic it is ${KINDS[kind].version}.`);
  if (!mayPublish(asked, kind, key)) return problem(401, 'Unauthorized', 'The key or token is missing or wrong.');
  if (body.length > MAXIMUM_BYTES)
    return problem(413, 'PayloadTooLarge', `The request has ${body.length} bytes, the limit is ${MAXIMUM_BYTES}.`);
  const type = String(headers['content-type'] ?? '')
    .replace(/\s/g, '')
    .toLowerCase();
  const isBatch = /^application\/cloudevents-batch\+json(;charset=utf-8)?$/.test(type);
  if (!isBatch && !/^application\/cloudevents\+json(;charset=utf-8)?$/.test(type))
    return problem(400, 'BadRequest', `Content-Type is ${type}; this topic takes CloudEvents 1.0 in JSON, one or a batch.`);
  let events: unknown;
  try {
    events = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return problem(400, 'BadRequest', 'The body is no JSON in UTF-8.');
  }
  if (isBatch !== Array.isArray(events)) return problem(400, 'BadRequest', 'A batch is an array of events, and only a batch is.');
  const list = isBatch ? (events as unknown[]) : [events];
  if (list.length > MAXIMUM_EVENTS[kind]) return problem(400, 'BadRequest', `${list.length} events; the limit is ${MAXIMUM_EVENTS[kind]}.`);
  const mistakes = list.flatMap((event, place) => mistakesOf(event).map((mistake) => `Event ${place}: ${mistake}`));
  if (mistakes.length > 0) return problem(400, 'BadRequest', mistakes.slice(0, 5).join('. '));
  return { taken: list as TakenEvent[], kind };
}
