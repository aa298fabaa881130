// `npx graph-mail-queue report`: one JSON line per mail, a clear word for a file that is not there.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { dsn } from './mails.ts';

const folder = mkdtempSync(join(tmpdir(), 'report-command-'));
afterAll(() => rmSync(folder, { recursive: true }));

function run(...files: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'scripts/report.ts', ...files], { encoding: 'utf8' });
  return {
    status,
    lines: stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line)),
    stderr,
  };
}

function file(name: string, content: Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

test('prints a line for each mail, however broken', () => {
  const report = file('ndr.eml', dsn('Final-Recipient: rfc822;bob@example.com\nAction: failed\nStatus: 5.1.1\n'));
  const broken = file('broken.eml', new Uint8Array([0xff, 0x00, 0x0a]));
  const { status, lines } = run(report, broken);
  expect(status).toBe(0);
  expect(lines).toEqual([
    {
      file: report,
      kind: 'ndr',
      recipients: [{ address: 'bob@example.com', action: 'failed', status: '5.1.1', class: 'address' }],
      originalMessageId: '<01-4711@contoso.com>',
    },
    { file: broken, kind: 'none', recipients: [] },
  ]);
});

test('names a file that is not there, reads the others, and ends with code 1', () => {
  const { status, lines, stderr } = run(join(folder, 'missing.eml'), file('none.eml', new Uint8Array()));
  expect(status).toBe(1);
  expect(stderr).toContain('missing.eml: cannot be read (ENOENT)');
  expect(lines).toHaveLength(1);
});

test('explains itself without files', () => {
  expect(run()).toMatchObject({ status: 2, lines: [] });
});
