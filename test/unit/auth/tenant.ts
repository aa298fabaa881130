// The emulator's tenant for a file of tests, and what they ask of a token.
import type { JWTPayload } from 'jose';
import { afterAll, beforeAll, expect } from 'vitest';
import { EntraCallers } from '../../../shared/adapters/auth/entra-callers.ts';
import { type GraphMailEmulator, startGraphMailEmulator } from '../../emulators/graph-mail/index.ts';

export const AUDIENCE = 'api://graph-mail-queue';
export let emulator: GraphMailEmulator;
/** Tests move its time. */
export const clock = { time: Date.now(), now: () => clock.time };

/** To be called once in a file. */
export function useTenant(): void {
  beforeAll(async () => {
    // A file that ran before in this process may have moved it.
    clock.time = Date.now();
    emulator = await startGraphMailEmulator();
  });
  afterAll(() => emulator.close());
}

export const callers = (more: Partial<ConstructorParameters<typeof EntraCallers>[0]> = {}) =>
  new EntraCallers({ tenantId: emulator.tenantId, audiences: [AUDIENCE], authorityHost: emulator.authorityHost, clock, ...more });
/** A claim that is undefined is left out. */
export type Claims = { [claim in keyof JWTPayload]: unknown };
export const tokenOf = (claims: Claims = {}, options: { application?: string; expiresIn?: number } = {}) =>
  emulator.control.token({ application: 'sample-app', ...options, claims: claims as JWTPayload });
export const identify = (token: string | null, whom = callers()) =>
  whom.identify({ authorization: token === null ? null : `Bearer ${token}`, operatorsOnly: false });
export const keyFetches = () => emulator.control.stats().totals['keys'] ?? 0;

export async function refusalOf(token: string | null, whom = callers()) {
  const identified = await identify(token, whom);
  if (identified.ok) throw new Error('was let in');
  expect(identified.problem).toMatchObject({ status: 401, code: 'InvalidAuthenticationToken' });
  return identified.problem.message;
}

export const SAMPLE = '6a1b9a34-91a5-4c39-a3d7-0f5f3f4e1001';
