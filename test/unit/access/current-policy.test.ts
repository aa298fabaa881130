// The policy in force: read again when it has changed, at bounded cost; what is broken never takes the place of what is good.
import { beforeEach, describe, expect, test } from 'vitest';
import type { PolicyRead } from '../../../shared/ports/policy-source.ts';
import { StoreUnavailable } from '../../../shared/ports/store-unavailable.ts';
import { CurrentPolicy, PolicyUnavailable } from '../../../shared/usecases/accept/current-policy.ts';
import { RecordingTelemetry } from '../../fakes/recording-telemetry.ts';
import { document } from './policies.ts';

class Source {
  readonly place = 'here';
  text: string | undefined = JSON.stringify(document);
  version = '1';
  down = false;
  reads = 0;

  async read(known?: string): Promise<PolicyRead> {
    this.reads++;
    if (this.down) throw new StoreUnavailable('down');
    if (this.text === undefined) return { kind: 'missing' };
    return known === this.version ? { kind: 'unchanged' } : { kind: 'read', text: this.text, version: this.version };
  }
}

let now = 0;
let source: Source;
let telemetry: RecordingTelemetry;
let policy: CurrentPolicy;
beforeEach(() => {
  now = 1_000_000;
  source = new Source();
  telemetry = new RecordingTelemetry();
  policy = new CurrentPolicy({ source, telemetry, clock: { now: () => now } });
});

const change = (text: string | undefined) => {
  source.text = text;
  source.version = `${Number(source.version) + 1}`;
  now += 10_000;
};
const sizes = async () => (await policy.get()).applications.size;
const broken = () => telemetry.named('senderPolicyBroken');

test('a hundred requests at the same time read it once, and for ten seconds nobody reads it again', async () => {
  await Promise.all(Array.from({ length: 100 }, () => policy.get()));
  now += 9_999;
  await policy.get();
  expect(source.reads).toBe(1);
});

test('a change is in force within ten seconds, without a restart', async () => {
  expect(await sizes()).toBe(2);
  change('\uFEFF{"applications": []}');
  expect(await sizes()).toBe(0);
  expect(telemetry.named('senderPolicyRead')).toHaveLength(2);
});

describe('the last good one stays in force', () => {
  test.each([
    ['what is no JSON', '{'],
    ['what is no policy', '{"applications": [{}]}'],
    ['nothing', undefined],
  ])('against %s, and an event tells', async (_, text) => {
    expect(await sizes()).toBe(2);
    change(text);
    expect(await sizes()).toBe(2);
    expect(broken()).toEqual([{ reason: expect.any(String), lastGood: true }]);
  });

  test('while the store is out of reach', async () => {
    await policy.get();
    source.down = true;
    now += 10_000;
    expect(await sizes()).toBe(2);
    expect(broken()).toEqual([{ reason: 'down', lastGood: true }]);
  });
});

test('what stays broken is told of every ten minutes, what is mended no more', async () => {
  await policy.get();
  change('{');
  for (let check = 0; check < 120; check++) {
    await policy.get();
    now += 10_000;
  }
  expect(broken()).toHaveLength(2);
  change(JSON.stringify(document));
  for (let check = 0; check < 120; check++) {
    await policy.get();
    now += 10_000;
  }
  expect(broken()).toHaveLength(2);
});

test('a policy that was out of reach and comes back unchanged is told of no more', async () => {
  await policy.get();
  source.down = true;
  now += 10_000;
  await policy.get();
  source.down = false;
  for (let check = 0; check < 120; check++) {
    now += 10_000;
    await policy.get();
  }
  expect(broken()).toHaveLength(1);
});

test('without any good one nobody may do anything, until there is one', async () => {
  source.text = undefined;
  await expect(policy.get()).rejects.toThrow(PolicyUnavailable);
  await expect(policy.get()).rejects.toThrow('there is no usable sender policy at here');
  expect(broken()).toEqual([{ reason: 'it is not there', lastGood: false }]);
  change(JSON.stringify(document));
  expect(await sizes()).toBe(2);
});

test('a bug in reading is not hidden', async () => {
  source.read = async () => {
    throw new TypeError('bug');
  };
  await expect(policy.get()).rejects.toThrow(TypeError);
});
