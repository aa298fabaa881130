// The rules by which the host finds a function for a request.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rawRequest } from './raw-request.ts';
import { buildSampleApp, type SampleFolder, type SampleHost, startSampleHost, writeHostJson } from './sample-app.ts';

let sample: SampleFolder;
let host: SampleHost;

beforeAll(async () => {
  sample = await buildSampleApp();
  host = await startSampleHost(sample);
});
afterAll(async () => {
  await host?.close();
  sample?.remove();
});

/** fetch would normalise the path, so the bytes are written by hand. */
async function call(method: string, path: string, authority = 'mail.example.com') {
  const answer = await rawRequest(
    host.url,
    `${method} ${path} HTTP/1.1\r\nhost: ${authority}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`,
  );
  return { status: answer.status, body: answer.body === '' ? undefined : JSON.parse(answer.body), text: answer.body };
}

const mailboxOf = async (segment: string) => (await call('POST', `/v1.0/users/${segment}/sendMail`)).body?.params.mailbox;

describe('paths', () => {
  test('percent-encoded characters arrive decoded, but an encoded slash stays as it is', async () => {
    expect(await mailboxOf('a%40contoso.com')).toBe('a@contoso.com');
    expect(await mailboxOf('a%2Bb@contoso.com')).toBe('a+b@contoso.com');
    expect(await mailboxOf('%C3%BC@contoso.com')).toBe('ü@contoso.com');
    expect(await mailboxOf('a%2Fb')).toBe('a%2Fb');
    expect(await mailboxOf('a%2fb')).toBe('a%2fb');
  });
  test('what is not valid UTF-8 stays encoded', async () => {
    expect(await mailboxOf('a%FFb')).toBe('a%FFb');
    expect(await mailboxOf('a%zzb')).toBe('a%zzb');
  });
  test('an encoded NUL is refused with 400', async () => {
    expect((await call('POST', '/v1.0/users/a%00b/sendMail')).status).toBe(400);
  });
  test('dot segments are removed before routing, also encoded ones', async () => {
    expect(await mailboxOf('x/../adele')).toBe('adele');
    expect(await mailboxOf('x/%2E%2E/adele')).toBe('adele');
  });
  test('letter case and a trailing slash do not matter', async () => {
    expect((await call('POST', '/V1.0/USERS/adele/SENDmail/')).status).toBe(200);
  });
  test('an empty segment is 404', async () => {
    expect((await call('POST', '/v1.0/users//sendMail')).status).toBe(404);
    expect((await call('POST', '/v1.0//users/adele/sendMail')).status).toBe(404);
  });
  test('a dollar sign matches plain and encoded', async () => {
    expect((await call('POST', '/v1.0/$batch')).status).toBe(200);
    expect((await call('POST', '/v1.0/%24batch')).status).toBe(200);
  });
  test('the URL that the function sees carries the caller’s host and a re-encoded path', async () => {
    const { body } = await call('POST', '/v1.0/users/a%40b%20c/sendMail?x=1%202');
    expect(body.url).toBe('http://mail.example.com/v1.0/users/a@b%20c/sendMail?x=1%202');
  });
});

describe('templates', () => {
  test('a constraint decides whether the route matches', async () => {
    expect((await call('GET', '/constrained/abc')).body.params).toEqual({ id: 'abc' });
    expect((await call('GET', '/constrained/abc/3')).body.params).toEqual({ id: 'abc', size: '3' });
    expect((await call('GET', '/constrained/abc/9')).status).toBe(404);
    expect((await call('GET', '/constrained/ab1')).status).toBe(404);
  });
  test('a catch-all takes the rest of the path, slashes and all, or nothing', async () => {
    expect((await call('GET', '/files/a/b//c.txt')).body.params).toEqual({ rest: 'a/b//c.txt' });
    expect((await call('GET', '/files')).body.params).toEqual({});
  });
  test('a segment may mix text and parameters', async () => {
    expect((await call('GET', '/named/report.txt')).body.params).toEqual({ name: 'report', extension: 'txt' });
    expect((await call('GET', '/named/report')).body.params).toEqual({ name: 'report' });
  });
  test('a setting in a route is resolved', async () => {
    expect((await call('GET', '/from-setting/here')).body.function).toBe('prefixed');
  });
  test('a function with a missing setting is not started, and the log says why', async () => {
    expect(host.functions.map(({ name }) => name)).not.toContain('missing-setting');
    const message = "The 'missing-setting' function is in error: '%NO_SUCH_SETTING%' does not resolve to a value.";
    expect(host.entries.map((entry) => entry.message)).toContain(message);
  });
});

describe('choice', () => {
  test('a wrong method is 404, not 405, and HEAD is not GET', async () => {
    expect(await call('GET', '/v1.0/users/adele/sendMail')).toMatchObject({ status: 404, text: '' });
    expect((await call('HEAD', '/constrained/abc')).status).toBe(404);
  });
  test('of two routes that match, the function whose name comes first has the request, however its route looks', async () => {
    expect((await call('GET', '/order/x')).body.function).toBe('a-parameter-order');
  });
  test('an unknown path is 404 without a body', async () => {
    expect(await call('GET', '/nowhere')).toMatchObject({ status: 404, text: '' });
  });
  test('the host keeps /admin for itself', async () => {
    expect((await call('GET', '/admin/host/ping', 'localhost')).status).toBe(200);
    expect((await call('GET', '/admin/anything', 'localhost')).status).toBe(404);
  });
});

test('without a route prefix in host.json, routes begin with api', async () => {
  const prefixed = await startSampleHost(sample, { hostJson: writeHostJson(sample, 'no-prefix.json', {}) });
  try {
    expect((await fetch(`${prefixed.url}/api/constrained/abc`)).status).toBe(200);
    expect((await fetch(`${prefixed.url}/constrained/abc`)).status).toBe(404);
  } finally {
    await prefixed.close();
  }
});
