// host.json is a file of the host's own; what the code relies on in it is held here.
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { FUNCTION_TIMEOUT_MS, HTTP_ANSWER_MS, MAXIMUM_CALLS_MS } from '../../../shared/domain/time-limits.ts';
import { readHostJson } from '../../emulators/functions-host/host-json.ts';

const { functionTimeout, serviceBus } = readHostJson(fileURLToPath(new URL('../../../host.json', import.meta.url)));

test('functionTimeout of host.json is the constant, and twice as long as the calls of a claim may take', () => {
  expect(functionTimeout).toBe(FUNCTION_TIMEOUT_MS);
  expect(FUNCTION_TIMEOUT_MS).toBeGreaterThanOrEqual(2 * MAXIMUM_CALLS_MS);
});

test('a session stays locked for longer than a function can run', () => {
  expect(serviceBus.maxAutoLockRenewalDuration).toBeGreaterThan(functionTimeout);
});

test('an HTTP request is answered before Azure’s load balancer and the host’s forwarder give up', () => {
  expect(HTTP_ANSWER_MS).toBeLessThan(230_000);
});
