// GET /console: the files of the page, and what the page is told. Anybody gets them: they hold no data, and the page asks the API as its user.
import { createHash } from 'node:crypto';
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { type Problem, problems } from '../../domain/content/problem.ts';
import type { ConsoleConfig, ConsoleFile, ConsoleFiles } from '../../ports/console-page.ts';
import { type HandlerDependencies, type HttpHandler, httpHandler } from './handler.ts';

export interface Console {
  config: ConsoleConfig;
  files: ConsoleFiles;
}

export interface ConsoleDependencies extends HandlerDependencies {
  /** Absent: the console is off. */
  console?: Console | undefined;
}

const originOf = ({ signIn }: ConsoleConfig): string => (signIn.kind === 'entra' ? ` ${new URL(signIn.authority).origin}` : '');

/**
 * The page runs its own script and style only, and talks to this app and to the sign-in only.
 * https://www.w3.org/TR/CSP3/
 */
export const contentSecurityPolicy = (config: ConsoleConfig): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    `connect-src 'self'${originOf(config)}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');

function securityHeaders(config: ConsoleConfig): Record<string, string> {
  return {
    'content-security-policy': contentSecurityPolicy(config),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    // A search has addresses in it.
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  };
}

/** If-None-Match by weak comparison, RFC 9110 section 13.1.2. */
function isKnownTo(request: HttpRequest, etag: string): boolean {
  const given = request.headers.get('if-none-match') ?? '';
  return given.split(',').some((one) => ['*', etag, `W/${etag}`].includes(one.trim()));
}

function configFile(config: ConsoleConfig): ConsoleFile {
  const bytes = Buffer.from(JSON.stringify(config));
  const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
  return { type: 'application/json', etag, bytes };
}

export function consoleHandler(dependencies: ConsoleDependencies): HttpHandler {
  return httpHandler(dependencies, async (request): Promise<HttpResponseInit | Problem> => {
    if (!dependencies.console) return problems.notFound();
    const { config, files } = dependencies.console;
    const name = request.params['asset'] ?? '';
    const file = name === 'config.json' ? configFile(config) : await files.read(name === '' ? 'index.html' : name);
    if (!file) return problems.notFound();
    // The names of the files stay from version to version, so a browser asks each time, and gets 304.
    const headers = { ...securityHeaders(config), 'cache-control': 'no-cache', etag: file.etag };
    if (isKnownTo(request, file.etag)) return { status: 304, headers };
    const length = String(file.bytes.byteLength);
    return { status: 200, headers: { ...headers, 'content-type': file.type, 'content-length': length }, body: file.bytes };
  });
}
