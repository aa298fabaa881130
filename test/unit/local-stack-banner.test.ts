// What the local stack prints: each line works as it is printed.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSenderPolicy } from '../../shared/domain/accept/sender-policy.ts';
import { judgeMailbox } from '../../shared/domain/accept/sending-decision.ts';
import { stackBanner } from '../emulators/local-stack/banner.ts';
import { policySettings } from '../emulators/local-stack/local-settings.ts';

const urls = { functions: 'http://127.0.0.1:7071', graph: 'http://127.0.0.1:7072' };
const bannerOf = (callerAuth: string, stateFile?: string): string =>
  stackBanner({ urls, settings: { CALLER_AUTH: callerAuth } }, stateFile);

/** The words that a shell makes of the token command in the banner. */
function wordsOf(banner: string): string[] {
  const command = /\$\(npx graph-mail-queue token (.*?)\)" -H/.exec(banner)?.[1] ?? '';
  return execFileSync('sh', ['-c', `printf '%s\\n' ${command}`], { encoding: 'utf8' })
    .trim()
    .split('\n');
}

test('the pages that one opens in a browser come first', () => {
  const [, first] = bannerOf('none').split('is up:\n');
  expect(first).toMatch(/^ {2}Console +http:\/\/\S+\/console\n {2}Mailboxes +http:\/\/127\.0\.0\.1:7072\/mailbox\n/);
});

test('events are shown where they can be seen, and only if they are on', () => {
  expect(bannerOf('none')).not.toContain('Events');
  const on = stackBanner({ urls: { ...urls, eventGrid: 'http://localhost:7073' }, settings: {} });
  expect(on).toMatch(/Events +http:\/\/localhost:7073\/events\n/);
});

describe('the line that asks for a token', () => {
  test('is there only if callers need one', () => {
    expect(bannerOf('none')).not.toContain('npx graph-mail-queue token');
    expect(wordsOf(bannerOf('entra'))).toEqual(['--app', 'sample-app']);
  });

  test.each(['stack.json', '/tmp/stack.json', "it's here/the $HOME stack.json"])(
    'names the state file, wherever it is typed: %s',
    (file) => {
      expect(wordsOf(bannerOf('entra', file))).toEqual(['--app', 'sample-app', '--state', resolve(file)]);
    },
  );
});

describe('the sample policy', () => {
  test('is there if callers bring tokens, and no policy is given', () => {
    expect(policySettings({ CALLER_AUTH: 'none' })).toEqual({});
    expect(policySettings()).toEqual({});
    expect(policySettings({ CALLER_AUTH: 'entra', SENDER_POLICY: 'own.json' })).toEqual({});
    expect(stackBanner({ urls, settings: policySettings({ CALLER_AUTH: 'entra' }) })).toContain(
      'alerts@contoso.com in the path the mail is denied',
    );
  });

  test('lets the application of the printed line send as the mailbox of that line, and as no other of the tenant', () => {
    const { SENDER_POLICY = '' } = policySettings({ CALLER_AUTH: 'entra' });
    const read = readSenderPolicy(JSON.parse(readFileSync(SENDER_POLICY, 'utf8')));
    if (!read.ok) throw new Error(read.problems.join());
    const caller = { application: '6a1b9a34-91a5-4c39-a3d7-0f5f3f4e1001', roles: ['SendRequests.Create'], delegated: false } as const;
    expect(judgeMailbox(read.policy, caller, 'sender@contoso.com').allowed).toBe(true);
    for (const other of ['alerts@contoso.com', 'ceo@contoso.com']) expect(judgeMailbox(read.policy, caller, other).allowed).toBe(false);
  });
});
