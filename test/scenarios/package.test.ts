// What goes to Azure, and nothing beside it: unpacked in an empty folder, it sends a mail on each Node that Functions has.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageBytes } from '../../scripts/package.ts';
import { otherNode } from '../support/other-node.ts';
import { startRunningStack } from '../support/running-stack.ts';
import { startOfApp } from '../support/start-of-app.ts';
import { unpackInto, unzip } from '../support/unzip.ts';

let folder: string;
const archive = packageBytes();

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'deployed-'));
  unpackInto(folder, unzip(archive));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** One mail from the POST to its copy in Sent Items, by the package on that Node. */
async function sendOne(node?: string): Promise<string> {
  expect(existsSync(join(folder, 'node_modules'))).toBe(false);
  const stack = await startRunningStack({
    bundle: join(folder, 'dist/main.cjs'),
    hostJson: join(folder, 'host.json'),
    settings: { RECONCILE_SCHEDULE: '* * * * * *' },
    ...(node !== undefined && { node }),
  });
  try {
    const posted = await stack.send({ subject: 'From the package' });
    expect(posted.status).toBe(202);
    const { status } = await stack.untilStatus(posted.location, 'sent');
    expect(await stack.deliveries('From the package')).toHaveLength(1);
    return status;
  } finally {
    await stack.close();
  }
}

describe('the package', () => {
  test('holds the bundle in its chunks, the console, the script of its worker threads and what names it, in less than 2 MB', () => {
    const names = [...unzip(archive).keys()];
    const chunks = names.filter((name) => /^(?:dist\/[a-z-]+-[A-Z0-9]{8}\.cjs|console\/[A-Za-z-]+-[A-Z0-9]{8}\.js)$/.test(name));
    expect(names.filter((name) => !chunks.includes(name))).toEqual([
      ...['console/app.css', 'console/app.js', 'console/icon.svg', 'console/index.html'],
      ...['dist/mail-thread.cjs', 'dist/main.cjs', 'host.json', 'package.json'],
    ]);
    expect(archive.length).toBeLessThan(2 * 1024 * 1024);
  });

  test('the start of the app reads less than 2 MB of it: the clients of Azure come later', () => {
    const { files, functions } = startOfApp(join(folder, 'dist/main.cjs'));
    expect(functions).toContain('submit-send-request');
    const text = files.map((file) => readFileSync(file, 'utf8')).join('\n');
    expect(text.length).toBeLessThan(2 * 1024 * 1024);
    expect(text).toContain('//! node_modules/zod/');
    for (const client of ['@azure/service-bus', '@azure/data-tables', '@azure/storage-blob', '@azure/identity', '@azure/msal-node'])
      expect(text).not.toContain(`//! node_modules/${client}/`);
  });

  test('classes that a package recognises by their names have these names: the bundler gives a class another one if two packages use it', () => {
    const chunks = [...unzip(archive)].filter(([name]) => name.endsWith('.cjs'));
    const text = chunks.map(([, bytes]) => Buffer.from(bytes).toString('utf8')).join('\n');
    const recognised = [...text.matchAll(/constructor\.name === "(\w+)"/g)].map(([, name]) => name as string);
    expect(recognised).toContain('StorageSharedKeyCredential');
    const isRenamed = (name: string) => new RegExp(`\\b_?${name}\\d+ = class|class (_${name}|${name}\\d+)\\b`).test(text);
    expect(recognised.filter(isRenamed)).toEqual([]);
  });

  test('is the same bytes for the same bundle', () => {
    expect(packageBytes().equals(archive)).toBe(true);
  });

  test('sends a mail without node_modules', async () => {
    expect(await sendOne()).toBe('sent');
  });

  test.for(['22.23.3', '24.21.0'])('sends a mail on Node %s', async (version, { skip }) => {
    const node = await otherNode(version);
    if ('missing' in node) return skip(node.missing);
    expect(await sendOne(node.path)).toBe('sent');
  });
});
