// `npx graph-mail-queue verify`: a tenant's habits are found out by sending; each habit that the emulator can play changes the verdict on it.
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { recommendedGrace, type Verification } from '../../../scripts/verify/verification.ts';
import { verifyMailbox } from '../../../scripts/verify/verify-mailbox.ts';
import { GraphMailClient } from '../../../shared/adapters/graph/graph-mail-client.ts';
import { GraphProbeClient } from '../../../shared/adapters/graph/graph-probe-client.ts';
import { type GraphMailEmulator, type Switches, startGraphMailEmulator } from '../../emulators/graph-mail/index.ts';
import { InMemoryProofs } from '../../fakes/in-memory-proofs.ts';
import { SeededChance } from '../../fakes/seeded-chance.ts';

const MAILBOX = 'sender@contoso.com';
const MINUTE = 60_000;

interface Verified extends Verification {
  verdicts: Record<string, string>;
  details: Record<string, string>;
  proofs: InMemoryProofs;
}

/** Long: all but what never comes is seen at once. */
const PATIENCE = 20_000;
const SHORT = 1_200;

async function verify(emulator: GraphMailEmulator, patienceMs = PATIENCE): Promise<Verified> {
  const clock = { now: () => Date.now() };
  const getToken = async () => ({ token: await emulator.control.token(), expiresOnTimestamp: Date.now() + 3_600_000 });
  const options = { baseUrl: emulator.url, makeCredential: () => ({ getToken }), clock };
  const proofs = new InMemoryProofs();
  const order = { mailbox: MAILBOX, unknown: 'nobody-at-all@contoso.com', patienceMs, pollMs: 30, keep: false };
  const tools = {
    graph: new GraphMailClient(options),
    probe: new GraphProbeClient(options),
    clock,
    chance: new SeededChance(3),
    sleep: (milliseconds: number) => sleep(milliseconds),
    proofs,
  };
  const verification = await verifyMailbox(tools, order);
  const of = (name: 'verdict' | 'detail') => Object.fromEntries(verification.findings.map((one) => [one.id, one[name]]));
  return { ...verification, verdicts: of('verdict'), details: of('detail'), proofs };
}

async function verifyWith(switches: Partial<Switches>, patienceMs = PATIENCE): Promise<Verified> {
  const emulator = await startGraphMailEmulator({ stageDelay: 2, switches });
  try {
    return await verify(emulator, patienceMs);
  } finally {
    await emulator.close();
  }
}

/** What the emulator does where nobody has said otherwise. */
const DEFAULT: Record<string, string> = {
  accepted: 'yes',
  copies: 'yes',
  'found-json': 'yes',
  'found-mime': 'yes',
  'message-id-json': 'yes',
  'message-id-mime': 'yes',
  'property-json': 'yes',
  'header-json': 'yes',
  'header-mime': 'yes',
  'recipient-message-id': 'yes',
  'recipient-header': 'yes',
  'recipient-property': 'yes',
  'mime-bytes': 'yes',
  'report-json': 'yes',
  'report-header-json': 'yes',
  'report-mime': 'yes',
  'report-header-mime': 'yes',
  'report-class': 'yes',
  'report-source': 'yes',
  'immutable-id': 'yes',
  'message-flags': 'yes',
  'second-send': 'yes',
  delta: 'yes',
  'junk-listed': 'yes',
  'expand-or': 'no',
  comment: 'yes',
  'too-large': 'yes',
  'mime-from': 'no',
  'message-trace': 'yes',
};

test('every assumption has its verdict, proofs are stored, and the mailbox is left as it was', async () => {
  const emulator = await startGraphMailEmulator({ stageDelay: 2 });
  try {
    const { verdicts, details, holds, proofs, recommendedGraceMs, longestLagMs } = await verify(emulator);
    expect(details['second-send']).toContain('404');
    expect(verdicts).toEqual(DEFAULT);
    expect(holds).toBe(true);
    expect([...proofs.proven].sort()).toEqual(['json', 'mime', 'reports']);
    expect(recommendedGraceMs).toBe(recommendedGrace(longestLagMs ?? 0));
    expect(longestLagMs).toBeLessThan(PATIENCE);
    const left = emulator.control
      .mails(MAILBOX)
      .filter(({ folderId }) => folderId !== emulator.control.mailbox(MAILBOX).wellKnown('deleteditems').id);
    expect(left).toEqual([]);
  } finally {
    await emulator.close();
  }
});

test.concurrent.each<[name: string, switches: Partial<Switches>, changed: Record<string, string>, holds: boolean, patienceMs?: number]>([
  [
    'rewrites Message-IDs',
    { rewriteMessageIds: true },
    { 'message-id-json': 'no', 'message-id-mime': 'no', 'recipient-message-id': 'no' },
    true,
  ],
  [
    'drops headers',
    { dropHeaders: true },
    { 'header-json': 'no', 'header-mime': 'no', 'recipient-header': 'no', 'report-header-json': 'no', 'report-header-mime': 'no' },
    true,
  ],
  ['drops extended properties', { dropExtendedProperties: true }, { 'property-json': 'no', delta: 'no' }, true],
  [
    'keeps no mark at all',
    { rewriteMessageIds: true, dropHeaders: true, dropExtendedProperties: true },
    { 'found-json': 'no', 'found-mime': 'no', 'report-json': 'no', 'report-mime': 'no' },
    false,
  ],
  ['gives the sent copy another id', { immutableIdSurvivesSend: false }, { 'immutable-id': 'no' }, true],
  ['hides the flags of a draft', { messageFlagsReadable: false }, { 'message-flags': 'no' }, true],
  ['refuses a foreign From in MIME', { mimeFromWithoutRight: 'deny' }, { 'mime-from': 'yes' }, true],
  ['answers 413 in HTML', { tooLargeBody: 'html' }, { 'too-large': 'no' }, true],
  ['expands two properties at once', { expandWithOr: 'all' }, { 'expand-or': 'yes' }, true],
  ['loses comments', { commentInDraft: false }, { comment: 'no' }, true],
  [
    'accepts addresses that do not exist',
    { unknownLocalRecipient: 'accept' },
    { 'report-json': 'unknown', 'report-mime': 'unknown', 'report-class': 'unknown' },
    false,
    SHORT,
  ],
  ['shows the trace late', { messageTraceDelay: MINUTE }, { 'message-trace': 'unknown' }, true],
  ['does not grant the trace', { graphRoles: ['Mail.Send', 'Mail.ReadWrite'] }, { 'message-trace': 'no' }, true],
  ['carries mails over after three a minute', { messageRateLimit: 3 }, { copies: 'no' }, false, SHORT],
])('a tenant that %s', async (_, switches, changed, holds, patienceMs) => {
  const found = await verifyWith(switches, patienceMs);
  expect(found.verdicts).toMatchObject(changed);
  expect(found.holds).toBe(holds);
});

test.concurrent('a second send that is taken is told from one that is refused', async () => {
  const { verdicts, details } = await verifyWith({ secondSend: 202 });
  expect(verdicts['second-send']).toBe('yes');
  expect(details['second-send']).toBe('answered 202, and no second mail came');
});

test.concurrent('copies that come late make the grace longer; copies that never come make none', async () => {
  const late = await verifyWith({ lateSentItems: 800 });
  expect(late.verdicts['copies']).toBe('yes');
  expect(late.longestLagMs).toBeGreaterThanOrEqual(790);
  const never = await verifyWith({ lateSentItems: 3_600_000 }, SHORT);
  expect(never.verdicts['copies']).toBe('no');
  expect(never.recommendedGraceMs).toBeUndefined();
  expect([recommendedGrace(0), recommendedGrace(2 * MINUTE), recommendedGrace(2 * MINUTE + 1)]).toEqual(
    [5, 6, 7].map((minutes) => minutes * MINUTE),
  );
});

test.concurrent('the command prints what holds and what does not, with a grace, and its exit code says it', async () => {
  const emulator = await startGraphMailEmulator({ stageDelay: 2, switches: { secondSend: 202, messageFlagsReadable: false } });
  const script = fileURLToPath(new URL('../../../scripts/verify.ts', import.meta.url));
  const run = (...parts: string[]) =>
    new Promise<{ code: number | null; out: string }>((resolve) => {
      const child = spawn(process.execPath, ['--import', 'tsx', script, ...parts], { env: { PATH: process.env['PATH'] } });
      let out = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (out += chunk));
      child.on('close', (code) => resolve({ code, out }));
    });
  try {
    const { code, out } = await run('--mailbox', MAILBOX, '--graph', emulator.url, '--patience', 'PT20S');
    expect(out).toContain('NO  Can PidTagMessageFlags');
    expect(out).toContain('IN_DOUBT_GRACE: PT5M');
    expect(out).toContain('Marks are proven for: json, mime (not stored: no storage settings)');
    expect(code).toBe(0);
    const wrong = await run('--mailbox', 'nobody');
    expect(wrong).toMatchObject({ code: 2, out: expect.stringContaining('--mailbox takes an address') });
  } finally {
    await emulator.close();
  }
});
