// Microsoft's clients for .NET, for real, if the .NET SDK is on this machine: their repeats make no second mail, or what an application does about it.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DotnetCallName, DotnetClients, dotnetMissing } from '../../support/dotnet-clients.ts';
import { type Client, expectedOf, type LossyStack, loseAnswers, OPERATIONS, startLossyStack } from './lost-answers.ts';

const MISSING = await dotnetMissing('clients');

describe.skipIf(MISSING !== undefined)(`Microsoft's clients for .NET${MISSING === undefined ? '' : ` (skipped: ${MISSING})`}`, () => {
  let lossy: LossyStack;
  let dotnet: DotnetClients;
  const clientOf = (name: DotnetCallName): Client =>
    Object.fromEntries(
      OPERATIONS.map((operation) => [operation, (call: Parameters<Client['send']>[0]) => dotnet.call(name, operation, call)]),
    ) as Client;

  beforeAll(async () => {
    lossy = await startLossyStack();
    dotnet = await DotnetClients.start(lossy.proxy.url);
  });
  afterAll(async () => {
    await dotnet?.close();
    await lossy?.close();
  });

  test.concurrent.each(OPERATIONS)('Microsoft.Graph repeats %s by itself when two answers are lost: one mail', async (operation) => {
    const outcome = await loseAnswers(lossy, clientOf('graph'), 'dotnet', operation);
    expect(outcome.attempts).toEqual([undefined, '1', '2']);
    expect(outcome).toMatchObject(expectedOf(operation));
  });

  test.concurrent('AddStandardResilienceHandler marks no repeat: as it comes, each lost answer is one mail more', async () => {
    const outcome = await loseAnswers(lossy, clientOf('resilience'), 'resilience', 'sendMail');
    expect(outcome).toMatchObject({ attempts: [undefined, undefined, undefined], mails: 3 });
  });

  test.concurrent('a handler outside of it that sets an Idempotency-Key once per call makes it one mail', async () => {
    const outcome = await loseAnswers(lossy, clientOf('resilience-with-key'), 'resilience-with-key', 'sendMail');
    expect(outcome).toMatchObject({ attempts: [undefined, undefined, undefined], mails: 1 });
  });

  test.concurrent('with DisableForUnsafeHttpMethods it posts once, and the application hears of the 504', async () => {
    const mailbox = 'resilience-without-post';
    await expect(loseAnswers(lossy, clientOf('resilience-without-post'), mailbox, 'sendMail', { lost: 1 })).rejects.toThrow('504');
    const posts = lossy.proxy.passed.filter(({ path }) => path.includes(mailbox));
    expect(posts).toHaveLength(1);
  });
});
