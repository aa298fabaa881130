// HTTP streaming: with app.setup({enableHttpStream: true}) requests and answers go over the worker's own endpoint.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rawRequest } from './raw-request.ts';
import { buildSampleApp, type SampleFolder, type SampleHost, startSampleHost } from './sample-app.ts';

let sample: SampleFolder;
let host: SampleHost;

beforeAll(async () => {
  sample = await buildSampleApp();
  host = await startSampleHost(sample, { settings: { SAMPLE_MODE: 'stream' } });
});
afterAll(async () => {
  await host?.close();
  sample?.remove();
});

test('a chunked body reaches the function whole', async () => {
  const head =
    'POST /v1.0/users/a%40contoso.com/sendMail?x=1 HTTP/1.1\r\nhost: x\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n';
  const answer = await rawRequest(host.url, head, '5\r\nhello\r\n', '0\r\n\r\n');
  expect(answer.status).toBe(200);
  const body = JSON.parse(answer.body.slice(answer.body.indexOf('{'), answer.body.lastIndexOf('}') + 1));
  expect(body).toMatchObject({ params: { mailbox: 'a@contoso.com' }, query: [['x', '1']], bodyLength: 5, method: 'POST' });
  expect(body.url).toBe('http://x/v1.0/users/a@contoso.com/sendMail?x=1');
});

test('a function that throws is 500', async () => {
  expect((await fetch(`${host.url}/throws`)).status).toBe(500);
});
