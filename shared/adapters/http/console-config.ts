// What the console is told of its deployment, from the settings.
import type { ConsoleConfig, ConsoleFiles, ConsoleSignIn } from '../../ports/console-page.ts';
import type { Console } from './console-handler.ts';

interface ConsoleFacts {
  callerAuth: 'entra' | 'function-key' | 'none';
  entra: { tenantId: string };
  graphBaseUrl: string;
  console: { isOn: boolean; clientId: string | undefined; authorityHost: string; applicationInsights: string | undefined };
}

/** The delegated permission of the app registration: infra/rights/register-api.ps1 makes it. */
const DELEGATED_PERMISSION = 'access_as_user';

function signInOf({ callerAuth, entra, console: { authorityHost, clientId } }: ConsoleFacts): ConsoleSignIn {
  if (callerAuth === 'none') return { kind: 'none' };
  if (callerAuth === 'function-key') return { kind: 'functionKey' };
  const authority = `${authorityHost}/${entra.tenantId}`;
  return { kind: 'entra', authority, ...(clientId !== undefined && { clientId, scope: `${clientId}/${DELEGATED_PERMISSION}` }) };
}

/** A Graph on this machine is the emulator, which shows its mailboxes at its root. */
function viewerOf({ graphBaseUrl }: ConsoleFacts): string | undefined {
  const { origin, hostname } = new URL(graphBaseUrl);
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname) ? origin : undefined;
}

/** Of each cloud, by its authority: https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud */
const PORTALS: Readonly<Record<string, string>> = {
  'login.microsoftonline.us': 'https://portal.azure.us',
  'login.partner.microsoftonline.cn': 'https://portal.azure.cn',
  'login.chinacloudapi.cn': 'https://portal.azure.cn',
};

function portalOf({ entra, console: { authorityHost } }: ConsoleFacts): string {
  const { hostname } = new URL(authorityHost);
  const portal = Object.hasOwn(PORTALS, hostname) ? PORTALS[hostname] : 'https://portal.azure.com';
  return `${portal}/#@${entra.tenantId}`;
}

/** Undefined if the console is off. */
export function makeConsole(facts: ConsoleFacts, version: string, files: ConsoleFiles): Console | undefined {
  if (!facts.console.isOn) return undefined;
  const { applicationInsights } = facts.console;
  const mailboxViewer = viewerOf(facts);
  const config: ConsoleConfig = {
    version,
    signIn: signInOf(facts),
    ...(mailboxViewer !== undefined && { mailboxViewer }),
    ...(applicationInsights !== undefined && { applicationInsights, portal: portalOf(facts) }),
  };
  return { config, files };
}
