// The same queues through Microsoft's client for .NET, if the .NET SDK is on this machine.
import { expect, test } from 'vitest';
import { dotnetMissing, runDotnet } from '../../support/dotnet-clients.ts';
import { startStack } from './support.ts';

const MISSING = await dotnetMissing('service-bus');

if (MISSING !== undefined) console.log(`skipped: ${MISSING}`);

test.skipIf(MISSING !== undefined)(
  'Azure.Messaging.ServiceBus does what it can do with a queue, and hears that there are no transactions',
  async () => {
    const { emulator, close } = await startStack({ plain: {}, sessions: { RequiresSession: true } });
    const seen = JSON.parse(await runDotnet('service-bus', [emulator.connectionString], {}, 45_000)) as unknown;
    expect(seen).toEqual({
      peeked: ['one', 'two'],
      abandoned: ['one', 2, 4],
      deferred: ['two', 'Deferred'],
      dead: ['three', 'no use', 'the reason in words'],
      scheduled: ['five', 'Scheduled'],
      transaction: expect.stringMatching(/^NotSupportedException: Transactions are not implemented by this emulator/),
      'after the transaction': 'after it',
      'unknown queue': 'MessagingEntityNotFound',
      session: ['state', 'SessionCannotBeLocked'],
      processed: ['0 3', '1 4', '2 5'],
    });
    const [plain, sessions] = ['plain', 'sessions'].map((name) => emulator.broker.queue(name)!);
    expect([plain!.store.size, sessions!.store.size]).toEqual([0, 0]);
    expect(plain!.counters).toMatchObject({ lockRenewals: 1, abandons: 1, deferrals: 1, deadLetters: 1, cancelled: 2 });
    expect(sessions!.counters).toMatchObject({ sessionLockRenewals: 7, completes: 7 });
    await close();
  },
);
