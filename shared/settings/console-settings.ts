// The application settings of the console, as data, and what the console is told of them.

import type { Setting } from './setting.ts';

export const CONSOLE_SETTINGS = [
  {
    name: 'CONSOLE',
    kind: ['on', 'off'],
    default: 'on',
    meaning: 'Whether the app serves the console, a page for operators, at /console',
    example: 'off',
  },
  {
    name: 'CONSOLE_CLIENT_ID',
    kind: 'text',
    meaning:
      'If CALLER_AUTH=entra: the application id with which people sign in to the console. If it is not set: the first application id in ENTRA_AUDIENCE',
    example: '2c7e1f6a-1b0d-4b8e-9a57-0d9c3f5e4a10',
  },
  {
    name: 'CONSOLE_AUTHORITY_HOST',
    kind: 'url',
    meaning: 'Emulator at which people sign in to the console. The library for the sign-in takes only https',
    example: 'https://localhost:8026',
  },
  {
    name: 'CONSOLE_APPLICATION_INSIGHTS',
    kind: 'text',
    meaning: 'Resource id of the Application Insights to which the console links',
    example: '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/mail/providers/Microsoft.Insights/components/appi-mail',
  },
] as const satisfies readonly Setting[];

export interface ConsoleRules {
  isOn: boolean;
  /** Absent: nobody can sign in. */
  clientId: string | undefined;
  authorityHost: string;
  applicationInsights: string | undefined;
}

type ConsoleSettingName = (typeof CONSOLE_SETTINGS)[number]['name'];

const APPLICATION_ID = /^(?:api:\/\/)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/?$/i;

/** `text`: reads a setting. `entra`: where callers get their tokens, and for whom these are. */
export function consoleRules(
  text: (name: ConsoleSettingName) => string | undefined,
  entra: { audiences: readonly string[]; authorityHost: string },
): ConsoleRules {
  const [ofAudience] = entra.audiences.flatMap((audience) => APPLICATION_ID.exec(audience)?.[1] ?? []);
  return {
    isOn: text('CONSOLE') === 'on',
    clientId: text('CONSOLE_CLIENT_ID') ?? ofAudience,
    authorityHost: (text('CONSOLE_AUTHORITY_HOST') ?? entra.authorityHost).replace(/\/$/, ''),
    applicationInsights: text('CONSOLE_APPLICATION_INSIGHTS'),
  };
}
