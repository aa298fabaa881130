// The response headers that this service sets: no other can be set, and OpenAPI describes each of them by its row.

interface ResponseHeaderRow {
  /** As it is usually spelled. It is sent in lower case. */
  name: string;
  description: string;
  schema: object;
  /** All answers with this status have it, or may have it. Absent: the answers that name it. */
  statuses?: 'all' | readonly number[];
  /** Why OpenAPI has no place for it. */
  beyondOpenApi?: string;
}

const text = { type: 'string' };

export const RESPONSE_HEADERS = {
  'request-id': {
    name: 'request-id',
    description: 'Identifies this answer in the logs',
    schema: { ...text, format: 'uuid' },
    statuses: 'all',
  },
  'client-request-id': {
    name: 'client-request-id',
    description: 'The client-request-id of the request. If the request has none that can be echoed: the request-id',
    schema: text,
    statuses: 'all',
  },
  location: { name: 'Location', description: 'Path of the send request', schema: text },
  'repeat-of': {
    name: 'Repeat-Of',
    description:
      "The id of the send request that an earlier attempt was accepted as. It is set if the service takes this POST for the client's own repeat (Retry-Attempt): no new mail was made",
    schema: text,
  },
  'preference-applied': {
    name: 'Preference-Applied',
    description: 'wait=N (RFC 7240): the answer was held up to so many seconds. Only if the request had Prefer: wait',
    schema: text,
  },
  'retry-after': {
    name: 'Retry-After',
    description: 'Seconds after which the request may be repeated. With 409 it is absent if a repeat cannot succeed',
    schema: { type: 'integer', minimum: 1 },
    statuses: [409, 429, 503],
  },
  'www-authenticate': { name: 'WWW-Authenticate', description: 'Bearer (RFC 6750)', schema: text, statuses: [401] },
  'cache-control': { name: 'Cache-Control', description: 'no-store: each probe must get a new answer', schema: text },
  allow: {
    name: 'Allow',
    description: 'The methods that the path takes',
    schema: text,
    beyondOpenApi: 'It comes with 405, to a method that no operation of the path has',
  },
} as const satisfies Record<string, ResponseHeaderRow>;

type ResponseHeader = keyof typeof RESPONSE_HEADERS;
export type ResponseHeaders = Partial<Record<ResponseHeader, string>>;

const ROWS: [string, ResponseHeaderRow][] = Object.entries(RESPONSE_HEADERS);

const ref = ({ name }: ResponseHeaderRow) => [name, { $ref: `#/components/headers/${name}` }] as const;

/** For OpenAPI: an answer that has these headers, beside those of its status. */
export const withHeaders = (...headers: ResponseHeader[]) => ({
  headers: Object.fromEntries(headers.map((header) => ref(RESPONSE_HEADERS[header]))),
});

/** For OpenAPI: what each answer with this status may have. */
export const headersOfStatus = (status: number): object =>
  Object.fromEntries(
    ROWS.filter(([, { statuses, beyondOpenApi }]) => !beyondOpenApi && (statuses === 'all' || statuses?.includes(status))).map(([, row]) =>
      ref(row),
    ),
  );

export const headerComponents = (): object =>
  Object.fromEntries(
    ROWS.flatMap(([, { name, description, schema, beyondOpenApi }]) => (beyondOpenApi ? [] : [[name, { description, schema }]])),
  );
