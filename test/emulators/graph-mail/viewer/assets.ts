// The page's own files. Its script is made of page/ when somebody first asks for it; nothing comes from elsewhere.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Answer } from '../http/answer.ts';
import { pageScript } from './page-script.ts';

const own = (name: string): Promise<Buffer> => readFile(fileURLToPath(new URL(`./page/${name}`, import.meta.url)));

const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const assets: Readonly<Record<string, { type: string; read: () => Promise<Buffer | string> }>> = {
  'app.js': { type: 'text/javascript', read: pageScript },
  'style.css': { type: 'text/css', read: () => own('style.css') },
  'icon.svg': { type: 'image/svg+xml', read: () => own('icon.svg') },
};

const answer = (type: string, text: Buffer | string, more: Record<string, string> = {}): Answer => ({
  status: 200,
  ...(typeof text === 'string' ? { text } : { bytes: text }),
  headers: { 'Content-Type': `${type}; charset=utf-8`, 'Cache-Control': 'no-cache', 'X-Content-Type-Options': 'nosniff', ...more },
});

export async function page(): Promise<Answer> {
  return answer('text/html', await own('index.html'), { 'Content-Security-Policy': pagePolicy, 'Referrer-Policy': 'no-referrer' });
}

export async function asset(name: string): Promise<Answer | undefined> {
  const found = Object.hasOwn(assets, name) ? assets[name] : undefined;
  return found && answer(found.type, await found.read());
}
