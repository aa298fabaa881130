// The same queues through an AMQP client of another make, where it is installed (Debian: python3-qpid-proton).
import { execFile, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { startStack } from './support.ts';
import { JWT } from './wire-client.ts';

const python = ['/usr/bin/python3', 'python3'].find((command) => spawnSync(command, ['-c', 'import proton']).status === 0);
const script = fileURLToPath(new URL('proton-client.py', import.meta.url));

if (!python) console.log('skipped: python3-qpid-proton is not installed');

test.skipIf(!python)('Qpid Proton sends, receives, abandons, rejects, holds sessions and schedules', async () => {
  const { emulator, close } = await startStack({ plain: {}, sessions: { RequiresSession: true } });
  const { stdout } = await promisify(execFile)(python!, [script, String(emulator.port), emulator.url, JWT]);
  expect(JSON.parse(stdout)).toEqual({
    token: 202,
    first: ['one', { n: 3 }, 1, 0],
    abandoned: ['two', 'two', 1],
    rejected: 'three',
    large: 200_000,
    dead: 'three',
    named: [1, 3],
    busy: 'com.microsoft:session-cannot-be-locked',
    next: ['b', 2],
    unknown: 'amqp:not-found',
    scheduled: 'later',
  });
  await close();
});
