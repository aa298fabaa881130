// GET /console: the page with its headers, its files by name, what it is told, and nothing of it if it is off.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvocationContext } from '@azure/functions';
import { afterAll, describe, expect, test } from 'vitest';
import { ConsoleFolder } from '../../../shared/adapters/files/console-folder.ts';
import { makeConsole } from '../../../shared/adapters/http/console-config.ts';
import { contentSecurityPolicy } from '../../../shared/adapters/http/console-handler.ts';
import { type HttpDependencies, httpFunctions } from '../../../shared/adapters/http/handlers.ts';
import { CONSOLE_ROUTE } from '../../../shared/adapters/http/routes.ts';
import { clock, mailHttp, newId, requestOf } from './http.ts';

const folder = mkdtempSync(join(tmpdir(), 'console-'));
writeFileSync(join(folder, 'index.html'), '<!doctype html>');
writeFileSync(join(folder, 'app.js'), 'export {};');
writeFileSync(join(folder, 'secret.json'), '{}');
afterAll(() => rmSync(folder, { recursive: true }));

const FACTS = {
  callerAuth: 'entra',
  entra: { tenantId: 'tenant' },
  graphBaseUrl: 'https://graph.microsoft.com',
  console: { isOn: true, clientId: 'client', authorityHost: 'https://login.microsoftonline.com', applicationInsights: '/subscriptions/x' },
} as const;

const consoleOf = (facts: Parameters<typeof makeConsole>[0] = FACTS) => makeConsole(facts, '1.2.3', new ConsoleFolder(folder));

function functionsWith(console: ReturnType<typeof consoleOf>) {
  return httpFunctions({
    ...mailHttp('sendMail').dependencies,
    clock,
    newId,
    version: '1.2.3',
    readiness: [],
    console,
  } as unknown as HttpDependencies);
}

async function get(
  asset: string,
  { headers = {}, facts = FACTS }: { headers?: Record<string, string>; facts?: Parameters<typeof makeConsole>[0] } = {},
) {
  const page = functionsWith(consoleOf(facts)).find(({ name }) => name === CONSOLE_ROUTE.name);
  const request = requestOf({ method: 'GET', path: `/console/${asset}`, params: asset === '' ? {} : { asset }, headers });
  const answer = await page!.handler(request, new InvocationContext());
  return {
    status: answer.status,
    headers: answer.headers as Record<string, string>,
    body: answer.body === undefined ? '' : Buffer.from(answer.body as Uint8Array).toString(),
  };
}

describe('the page', () => {
  test('comes with a policy that allows its own script and style, this app and the sign-in, and nothing else', async () => {
    const { status, headers, body } = await get('');
    expect({ status, body, type: headers['content-type'] }).toEqual({
      status: 200,
      body: '<!doctype html>',
      type: 'text/html; charset=utf-8',
    });
    const policy = Object.fromEntries(headers['content-security-policy']!.split('; ').map((one) => one.split(/ (.*)/s)));
    expect(policy).toMatchObject({
      'default-src': "'none'",
      'script-src': "'self'",
      'style-src': "'self'",
      'connect-src': "'self' https://login.microsoftonline.com",
      'frame-ancestors': "'none'",
    });
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'cache-control': 'no-cache' });
  });

  test('is not sent again to a browser that has it', async () => {
    const { headers } = await get('app.js');
    for (const known of [headers['etag'], `"x", W/${headers['etag']}`, '*'])
      expect(await get('app.js', { headers: { 'if-none-match': known as string } })).toMatchObject({ status: 304, body: '' });
    expect(await get('app.js', { headers: { 'if-none-match': '"x"' } })).toMatchObject({ status: 200, body: 'export {};' });
  });

  test.each(['secret.json', '../index.html', 'toString', 'app.js/x', 'main.cjs'])('has no file %j', async (asset) => {
    expect(await get(asset)).toMatchObject({ status: 404 });
  });

  test('if it is off, is no function at all', () => {
    expect(consoleOf({ ...FACTS, console: { ...FACTS.console, isOn: false } })).toBeUndefined();
    expect(functionsWith(undefined).map(({ name }) => name)).not.toContain(CONSOLE_ROUTE.name);
  });
});

describe('the page is told', () => {
  const told = async (facts: object) => JSON.parse((await get('config.json', { facts: { ...FACTS, ...facts } })).body);

  test('where people sign in, and for what', async () => {
    expect(await told({})).toEqual({
      version: '1.2.3',
      signIn: { kind: 'entra', authority: 'https://login.microsoftonline.com/tenant', clientId: 'client', scope: 'client/access_as_user' },
      applicationInsights: '/subscriptions/x',
      portal: 'https://portal.azure.com/#@tenant',
    });
    const government = { ...FACTS.console, authorityHost: 'https://login.microsoftonline.us' };
    expect((await told({ console: government })).portal).toBe('https://portal.azure.us/#@tenant');
    expect((await told({ callerAuth: 'function-key' })).signIn).toEqual({ kind: 'functionKey' });
    const unnamed = { console: { ...FACTS.console, clientId: undefined } };
    expect((await told(unnamed)).signIn).toEqual({ kind: 'entra', authority: 'https://login.microsoftonline.com/tenant' });
  });

  test('on a laptop: that nobody signs in, and where the mailboxes are', async () => {
    const laptop = await told({
      callerAuth: 'none',
      graphBaseUrl: 'http://localhost:8025',
      console: { ...FACTS.console, applicationInsights: undefined },
    });
    expect(laptop).toEqual({ version: '1.2.3', signIn: { kind: 'none' }, mailboxViewer: 'http://localhost:8025' });
    expect(contentSecurityPolicy(laptop)).toContain("connect-src 'self';");
  });
});

describe('what is built', () => {
  const built = join('dist', 'app', 'console');
  const names = readdirSync(built);

  test('the page without the library of the sign-in has less than 100 KB', () => {
    const bytes = (files: readonly string[]) => files.reduce((sum, name) => sum + readFileSync(join(built, name)).length, 0);
    expect(bytes(names.filter((name) => !name.startsWith('entra-')))).toBeLessThan(100_000);
    // It is loaded by import() alone, so only if people sign in.
    const [signIn = ''] = names.filter((name) => name.startsWith('entra-'));
    expect(readFileSync(join(built, 'app.js'), 'utf8').includes(`import("./${signIn}")`)).toBe(true);
  });

  test('the HTML has neither a script nor a style of its own, and loads from its own origin only', () => {
    const html = readFileSync(join(built, 'index.html'), 'utf8');
    expect(html).not.toMatch(/<style|<script>|style=|\son\w+=/);
    expect([...html.matchAll(/(?:src|href)="([^"]+)"/g)].every(([, url]) => url!.startsWith('/console/'))).toBe(true);
  });
});
