// HTTP functions of the sample app: they answer what they were given.
import { writeFileSync } from 'node:fs';
import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';

if (process.env['SAMPLE_MODE'] === 'stream') app.setup({ enableHttpStream: true });

async function echo(request: HttpRequest, context: InvocationContext) {
  const body = Buffer.from(await request.arrayBuffer());
  return {
    status: 200,
    headers: { 'x-function': context.functionName },
    jsonBody: {
      function: context.functionName,
      method: request.method,
      url: request.url,
      params: request.params,
      query: [...request.query],
      headers: Object.fromEntries(request.headers),
      bodyBase64: body.toString('base64'),
      bodyLength: body.length,
      traceParent: context.traceContext?.traceParent,
      pid: process.pid,
      nodeVersion: process.version,
    },
  };
}

const post = (name: string, route: string) => app.http(name, { methods: ['POST'], route, handler: echo });
const get = (name: string, route: string) => app.http(name, { methods: ['GET'], route, handler: echo });

post('echo-send', 'v1.0/users/{mailbox}/sendMail');
get('echo-get', 'v1.0/users/{mailbox}/sendRequests/{id}');
get('constrained', 'constrained/{id:alpha}/{size:range(1,5)?}');
get('rest', 'files/{*rest}');
get('file-name', 'named/{name}.{extension?}');
post('batch', 'v1.0/$batch');
// Both match /order/x: the one whose name comes first in the alphabet has it.
get('z-literal-order', 'order/x');
get('a-parameter-order', 'order/{any}');
app.http('with-head', { methods: ['GET', 'HEAD'], route: 'with-head', handler: echo });
app.http('needs-key', { methods: ['GET'], authLevel: 'function', handler: echo });
app.http('prefixed', { methods: ['GET'], route: '%SAMPLE_ROUTE%/here', handler: echo });
app.http('missing-setting', { methods: ['GET'], route: '%NO_SUCH_SETTING%', handler: echo });

app.http('throws', {
  methods: ['GET'],
  handler: (_request, context) => {
    context.error('about to throw');
    throw new Error('thrown on purpose');
  },
});
app.http('nothing', { methods: ['GET'], handler: () => undefined as unknown as HttpResponseInit });
app.http('answers-with', {
  methods: ['GET'],
  handler: (request) => ({
    status: Number(request.query.get('status')),
    ...(request.query.has('header') && { headers: { 'x-made': request.query.get('header')! } }),
  }),
});
app.http('throws-nothing', {
  methods: ['GET'],
  handler: () => {
    throw undefined;
  },
});
app.http('text', { methods: ['GET'], handler: () => 'text' as unknown as HttpResponseInit });
app.http('cookie', {
  methods: ['GET'],
  handler: () => ({ body: 'ok', cookies: [{ name: 'a', value: 'b', httpOnly: true, sameSite: 'Lax', path: '/x' }] }),
});
app.http('never-answers', {
  methods: ['GET'],
  handler: async (request) => {
    writeFileSync(request.query.get('marker')!, String(process.pid));
    await new Promise(() => setInterval(() => {}, 1000));
    return {};
  },
});
app.http('waits-for-file', {
  methods: ['GET'],
  handler: async (request) => {
    const { existsSync } = await import('node:fs');
    const marker = request.query.get('marker')!;
    writeFileSync(`${marker}.started`, '');
    while (!existsSync(marker)) await new Promise((resolve) => setTimeout(resolve, 10));
    return { body: 'finished' };
  },
});
app.http('crashes', {
  methods: ['GET'],
  handler: () =>
    new Promise(() =>
      setImmediate(() => {
        throw new Error('outside of the handler');
      }),
    ),
});
app.http('settings', { methods: ['GET'], handler: (request) => ({ body: process.env[request.query.get('name')!] ?? '' }) });
