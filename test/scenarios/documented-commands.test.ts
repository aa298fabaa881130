// The shell lines of README and OPERATIONS, as they stand there, run by bash and curl against a local stack.
import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Block, blocksOf, ROOT } from '../support/documents.ts';
import { type RunningStack, startRunningStack } from '../support/running-stack.ts';
import { shellCommandsOf } from '../support/shell-commands.ts';
import { PATIENCE_MS } from '../support/until.ts';

const run = promisify(execFile);
const MISSING = ['bash', 'curl'].filter((program) => spawnSync(program, ['--version']).status !== 0);
const why = MISSING.length === 0 ? '' : ` (skipped: this machine has no ${MISSING.join(' and no ')})`;

const readme = blocksOf('README.md');
const operations = blocksOf('OPERATIONS.md').filter(({ language }) => language === 'bash');
const blockWith = (blocks: readonly Block[], text: string): string => {
  const found = blocks.find((block) => block.text.includes(text));
  if (!found) throw new Error(`no block has ${text}`);
  return found.text;
};

let stack: RunningStack;
const mailbox = 'sender@contoso.com';

beforeAll(async () => {
  const settings = { GRAPH_TIMEOUT: 'PT3S', IN_DOUBT_GRACE: 'PT5S', RECONCILE_SCHEDULE: '* * * * * *' };
  if (MISSING.length === 0) stack = await startRunningStack({ settings });
});
afterAll(() => stack?.close());

/** Runs lines with the values of this stack; what they print. */
async function shell(lines: string, more: Record<string, string> = {}): Promise<string> {
  const text = lines.replaceAll('http://localhost:7071', stack.url('functions'));
  const env = { ...process.env, GRAPH: stack.url('graph'), QUEUE: stack.url('functions'), TOKEN: 'none', ...more };
  const { stdout } = await run('bash', ['-euc', text], { cwd: ROOT, env, timeout: PATIENCE_MS });
  return stdout;
}

const locationsIn = (printed: string): string[] =>
  [...printed.matchAll(/^location: (\S+)/gim)].map((match) => new URL(match[1] as string, stack.url('functions')).href);

describe.skipIf(MISSING.length > 0)(`documented commands${why}`, () => {
  test('README: the first mail is accepted, and then sent', async () => {
    const [location = ''] = locationsIn(await shell(blockWith(readme, 'Invoice 4711')));
    await stack.untilStatus(location, 'sent');
  });

  test('README: a bounce fails with the words of the report, and a lost answer ends as one mail', async () => {
    const [bounce = '', lost = '', ...rest] = blockWith(readme, 'To nobody').split(/(?=^# )/m);
    expect(rest).toEqual([]);
    const [toNobody = ''] = locationsIn(await shell(bounce));
    const failed = await stack.untilStatus(toNobody, 'failed');
    expect(failed.recipients).toMatchObject([{ action: 'failed', evidence: 'exchangeReport' }]);
    const [lostAnswer = ''] = locationsIn(await shell(lost));
    const sent = await stack.untilStatus(lostAnswer, 'sent');
    expect(sent.events.map(({ type }) => type)).toContain('outcomeUnknown');
    expect(await stack.deliveries('Answer lost')).toHaveLength(1);
    expect(Object.values(await stack.fired())).toEqual([1]);
  });

  test('OPERATIONS: what Exchange has returned goes again by one command, which says first what it would do', async () => {
    const lines = blockWith(operations, 'npx graph-mail-queue resend').split('\n');
    const { location } = await stack.send({ subject: 'To send again', to: ['unknown-user@contoso.com'] });
    const { id } = (await stack.untilStatus(location, 'failed')) as { id: string };
    const command = (line: string): string =>
      `FILTER="id eq '${id}' and mailbox eq '${mailbox}'"\n${line.replace('npx graph-mail-queue', 'node scripts/cli.mjs').replace(/--scope \S+/, '--token none')}`;
    const [dryRun = '', real = '', ...more] = lines.filter((line) => line.startsWith('npx graph-mail-queue resend'));
    expect(more).toEqual([]);
    expect(await shell(command(dryRun))).toMatch(
      /possible: to 1 recipients.*\n1 of 1 send requests: resend is possible\. Nothing was done\./,
    );
    expect(await stack.deliveries('To send again')).toHaveLength(1);
    expect(await shell(command(real))).toMatch(/done: as .*\n1 of 1 send requests: resend done\.\n$/);
    expect((await stack.get(location)).events.at(-1)).toMatchObject({
      type: 'resent',
      detail: expect.stringContaining('Account unblocked'),
    });
  });

  test('OPERATIONS: each `get` answers, by the function that the page defines', async () => {
    const { body } = await stack.send({ subject: 'To look at' });
    const definition =
      blockWith(operations, 'get() {')
        .split('\n')
        .find((line) => line.startsWith('get() {')) ?? '';
    const lines = operations.flatMap(({ text }) => text.split('\n')).filter((line) => line.startsWith('get '));
    expect(lines.length).toBeGreaterThan(4);
    for (const line of new Set(lines.map((one) => one.replace(/ > .*/, '')))) {
      const filled = line.replace('MAILBOX', mailbox).replace('/ID', `/${body.id}`);
      expect(JSON.parse(await shell(`${definition}\n${filled}`)), line).not.toHaveProperty('error');
    }
  });

  test('OPERATIONS: a pause is set, listed and lifted by its lines', async () => {
    const [set = '', list = '', lift = ''] = shellCommandsOf(blockWith(operations, '/v1.0/pauses') + blockWith(operations, '-X DELETE'))
      .filter(({ words }) => words[0] === 'curl')
      .map(({ words }) => words.map((word) => (word.startsWith('$') ? `"${word}"` : `'${word}'`)).join(' '));
    expect(await shell(set)).toContain('INC-4711');
    expect(await shell(list)).toContain('INC-4711');
    await shell(lift);
    expect(await shell(list)).not.toContain('INC-4711');
  });

  test('OPERATIONS: `explain` and `pauses` run', async () => {
    const commands = operations
      .flatMap(({ text }) => text.split('\n'))
      .filter((line) => /^npx graph-mail-queue (?:explain|pauses)/.test(line));
    expect(commands.length).toBeGreaterThan(1);
    for (const line of commands.filter((one) => !one.includes('--lift'))) {
      const filled = line.replace('npx graph-mail-queue', `node ${join('scripts', 'cli.mjs')}`).replace(/--scope \S+/, '--token none');
      expect(await shell(filled.replace('CODE', 'ErrorServerBusy')), line).not.toBe('');
    }
  });
});
