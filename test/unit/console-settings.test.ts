// What the console is told: with which application people sign in, where, and whether there is a console at all.
import { expect, test } from 'vitest';
import { readConfig } from '../../shared/settings/config.ts';
import { AZURE } from '../support/azure-settings.ts';

test('people sign in to the console with the application that tokens are for, unless another one is named', () => {
  const audience = (ENTRA_AUDIENCE: string) => readConfig({ ...AZURE, ENTRA_AUDIENCE }).console.clientId;
  expect(audience('api://6A1B9A34-91a5-4c39-a3d7-0f5f3f4e1001/')).toBe('6A1B9A34-91a5-4c39-a3d7-0f5f3f4e1001');
  expect(audience('api://graph-mail-queue')).toBeUndefined();
  const own = '2c7e1f6a-1b0d-4b8e-9a57-0d9c3f5e4a10';
  expect(readConfig({ ...AZURE, CONSOLE_CLIENT_ID: own }).console.clientId).toBe(own);
});

test('the console can be switched off, and signs people in at another address in the local stack', () => {
  expect(readConfig({ ...AZURE, CONSOLE: 'off' }).console.isOn).toBe(false);
  const { authorityHost } = readConfig({ ...AZURE, CONSOLE_AUTHORITY_HOST: 'https://localhost:8026/' }).console;
  expect(authorityHost).toBe('https://localhost:8026');
});
