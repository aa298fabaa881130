// The client's error codes, and its rights: what it gets when something is refused.
import { ServiceBusClient } from '@azure/service-bus';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { conditions } from '../../emulators/service-bus/core/errors.ts';
import { codeOf, receiveNothing, receiveOne, type Stack, startStack } from './support.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ q: {}, busy: {}, s: { RequiresSession: true } });
});
afterAll(() => stack.close());

const clientWith = (from: string | RegExp, to: string) =>
  new ServiceBusClient(stack.emulator.connectionString.replace(from, to), { retryOptions: { maxRetries: 0, timeoutInMs: 10_000 } });

describe('refusals', () => {
  test('an unknown queue', async () => {
    expect(await codeOf(stack.client.createSender('nope').sendMessages({ body: 1 }))).toBe('MessagingEntityNotFound');
    expect(await codeOf(stack.client.createReceiver('nope').receiveMessages(1))).toBe('MessagingEntityNotFound');
    expect(await codeOf(stack.client.createReceiver('nope').peekMessages(1))).toBe('MessagingEntityNotFound');
  });

  test('sending into a dead-letter queue', async () => {
    expect(await codeOf(stack.client.createSender('q/$deadletterqueue').sendMessages({ body: 1 }))).toMatch(/GeneralError/);
  });

  test.each([
    [conditions.serverBusy, 'ServiceBusy'],
    [conditions.timeout, 'ServiceTimeout'],
    [conditions.quotaExceeded, 'QuotaExceeded'],
    [conditions.messageTooLarge, 'MessageSizeExceeded'],
    [conditions.unauthorized, 'UnauthorizedAccess'],
    ['com.microsoft:entity-disabled', 'MessagingEntityDisabled'],
    [conditions.notAllowed, 'GeneralError'],
  ])('a send refused with %s', async (condition, code) => {
    stack.emulator.faults.arm({ point: 'send', action: 'error', condition, entity: 'q' });
    const client = stack.newClient(0);
    expect(await codeOf(client.createSender('q').sendMessages({ body: 1 }))).toBe(code);
    stack.emulator.faults.clear();
  });

  test('a busy server is asked again', async () => {
    stack.emulator.faults.arm({ point: 'send', action: 'error', entity: 'busy' });
    await stack.client.createSender('busy').sendMessages({ body: 1 });
    expect((await receiveOne(stack.client.createReceiver('busy'))).body).toBe(1);
    expect(stack.emulator.broker.queue('busy')!.counters.sends).toBe(1);
  });

  test('a refused settlement leaves the message locked', async () => {
    await stack.client.createSender('busy').sendMessages({ body: 2 });
    const receiver = stack.newClient(0).createReceiver('busy');
    const message = await receiveOne(receiver);
    stack.emulator.faults.arm({ point: 'disposition', action: 'error', condition: conditions.messageLockLost });
    expect(await codeOf(receiver.completeMessage(message))).toBe('MessageLockLost');
    expect(await receiveNothing(receiver)).toEqual([]);
  });
});

describe('rights', () => {
  test.each([
    ['the wrong key', /SharedAccessKey=[^;]*/, 'SharedAccessKey=wrong'],
    ['an unknown key name', /SharedAccessKeyName=[^;]*/, 'SharedAccessKeyName=Nobody'],
  ])('%s', async (_what, from, to) => {
    const client = clientWith(from, to);
    expect(await codeOf(client.createSender('q').sendMessages({ body: 1 }))).toBe('UnauthorizedAccess');
    await client.close();
  });

  test('a signature made beforehand is taken as a credential', async () => {
    const { createHmac } = await import('node:crypto');
    const resource = encodeURIComponent(`${stack.emulator.url}/q`);
    const expiry = Math.floor(Date.now() / 1000) + 600;
    const signature = createHmac('sha256', 'SAS_KEY_VALUE').update(`${resource}\n${expiry}`).digest('base64');
    const token = `SharedAccessSignature sr=${resource}&sig=${encodeURIComponent(signature)}&se=${expiry}&skn=RootManageSharedAccessKey`;
    const client = new ServiceBusClient(`Endpoint=${stack.emulator.url};SharedAccessSignature=${token};UseDevelopmentEmulator=true;`, {
      retryOptions: { maxRetries: 0, timeoutInMs: 10_000 },
    });
    await client.createSender('q').sendMessages({ body: 1 });
    expect(await codeOf(client.createSender('busy').sendMessages({ body: 1 }))).toBe('UnauthorizedAccess');
    await client.close();
  });
});
