// The keys of the emulator's tenant: when they are fetched, and what happens if they cannot be.
import { generateKeyPair, SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { EntraCallers } from '../../../shared/adapters/auth/entra-callers.ts';
import { startGraphMailEmulator } from '../../emulators/graph-mail/index.ts';
import { AUDIENCE, callers, clock, emulator, identify, keyFetches, refusalOf, SAMPLE, tokenOf, useTenant } from './tenant.ts';

useTenant();

describe("the tenant's keys", () => {
  test('are fetched once for many tokens at the same time', async () => {
    const whom = callers();
    const before = keyFetches();
    const token = await tokenOf();
    const answers = await Promise.all(Array.from({ length: 50 }, () => identify(token, whom)));
    expect(answers.every(({ ok }) => ok)).toBe(true);
    expect(keyFetches() - before).toBe(1);
  });

  test('are fetched again for a key that is not known, so that a new key is known at once', async () => {
    const whom = callers();
    for (let n = 0; n < 3; n++) {
      await emulator.control.rotateKeys();
      expect(await identify(await tokenOf(), whom)).toMatchObject({ ok: true });
    }
  });

  /** Signed by a key of its own, under a key id that nobody has. */
  const ownKey = generateKeyPair('RS256');
  const strangers = async (kid: string) => {
    const { privateKey } = await ownKey;
    return new SignJWT({ tid: emulator.tenantId, azp: SAMPLE }).setProtectedHeader({ alg: 'RS256', kid }).setIssuedAt().sign(privateKey);
  };

  test("that strangers' tokens name are looked for once, together, and keep no good token out", async () => {
    const whom = callers();
    const known = await tokenOf();
    await identify(known, whom);
    const forged = await Promise.all(Array.from({ length: 40 }, (_, n) => strangers(`no-such-key-${n}`)));
    await emulator.control.rotateKeys();
    const rotated = await tokenOf();
    const before = keyFetches();
    const refusals = Promise.all(forged.map((token) => refusalOf(token, whom)));
    const [good] = await Promise.all([identify(rotated, whom), refusals]);
    expect(good).toMatchObject({ ok: true });
    expect(await identify(known, whom)).toMatchObject({ ok: true });
    expect(keyFetches() - before).toBe(1);
    // The same ones again: they are known not to be there.
    for (const token of forged) await refusalOf(token, whom);
    expect(keyFetches() - before).toBe(1);
  });

  test('are waited for by a hundred tokens at most; a token with a known key never waits', async () => {
    const whom = callers();
    const known = await tokenOf();
    await identify(known, whom);
    const forged = await Promise.all(Array.from({ length: 110 }, (_, n) => strangers(`another-key-${n}`)));
    const answers = forged.map((token) => identify(token, whom));
    expect(await identify(known, whom)).toMatchObject({ ok: true });
    const statuses = (await Promise.all(answers)).map((answer) => (answer.ok ? 200 : answer.problem.status));
    expect([statuses.filter((status) => status === 401).length, statuses.filter((status) => status === 503).length]).toEqual([100, 10]);
  });

  test('that were withdrawn are trusted for five minutes at most', async () => {
    const whom = callers();
    const token = await tokenOf();
    expect(await identify(token, whom)).toMatchObject({ ok: true });
    await emulator.control.rotateKeys({ forgetOld: true });
    clock.time += 300_001;
    await refusalOf(token, whom);
    clock.time = Date.now();
  });

  test('that cannot be fetched make it a matter of time, and those in hand stay in use for an hour', async () => {
    const nowhere = callers({ authorityHost: 'http://127.0.0.1:1' });
    expect(await identify(await tokenOf(), nowhere)).toMatchObject({ ok: false, problem: { status: 503, retryAfter: 10 } });
    const away = await startGraphMailEmulator();
    const there = new EntraCallers({ tenantId: away.tenantId, audiences: [AUDIENCE], authorityHost: away.authorityHost, clock });
    const theirs = await away.control.token({ application: 'sample-app', expiresIn: 14 * 3600 });
    expect(await identify(theirs, there)).toMatchObject({ ok: true });
    await away.close();
    clock.time += 3_600_000;
    expect(await identify(theirs, there)).toMatchObject({ ok: true });
    const unknown = await strangers('who-knows');
    expect(await identify(unknown, there)).toMatchObject({ ok: false, problem: { status: 503 } });
    clock.time += 2_001;
    expect(await identify(theirs, there)).toMatchObject({ ok: false, problem: { status: 503 } });
    clock.time = Date.now();
  });
});
