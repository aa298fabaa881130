// Who a person is at the command line: the sign-in of the Azure CLI, the Azure Developer CLI or Azure PowerShell, or a client secret or
// certificate in the environment. A managed identity comes last: these commands run in Cloud Shell, too.
import {
  AzureCliCredential,
  AzureDeveloperCliCredential,
  AzurePowerShellCredential,
  ChainedTokenCredential,
  EnvironmentCredential,
  type TokenCredential,
} from '@azure/identity';
import { managedIdentity } from '../shared/adapters/graph/graph-credential.ts';

export const SIGN_IN_HELP = [
  'Sign in first with one of these: az login, azd auth login, Connect-AzAccount.',
  'Or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET (or AZURE_CLIENT_CERTIFICATE_PATH) in the environment.',
  'In a national cloud set AZURE_AUTHORITY_HOST, too.',
];

const hasManagedIdentity = (): boolean => process.env['IDENTITY_ENDPOINT'] !== undefined;

/** The credentials of whoever runs a command. Nothing is asked before the first token is. */
export function personalCredential(): TokenCredential {
  return new ChainedTokenCredential(
    new EnvironmentCredential(),
    ...(hasManagedIdentity() ? [managedIdentity(process.env['AZURE_CLIENT_ID'])] : []),
    new AzureCliCredential(),
    new AzureDeveloperCliCredential(),
    new AzurePowerShellCredential(),
  );
}

/** A command that somebody called the wrong way, or without what it needs: its message says what to do. */
export class CommandError extends Error {
  override name = 'CommandError';
}

/** True for an error of @azure/identity that means: nobody is signed in. */
export const isNotSignedIn = (error: unknown): boolean =>
  error instanceof Error && /^(CredentialUnavailableError|AggregateAuthenticationError|AuthenticationRequiredError)$/.test(error.name);

/** A token for a scope such as `api://…/.default`. Throws CommandError, with what to do in three lines. */
export async function tokenFor(scope: string, credential: TokenCredential = personalCredential()): Promise<string> {
  try {
    const answer = await credential.getToken(scope);
    if (answer) return answer.token;
  } catch (error) {
    if (!isNotSignedIn(error)) throw new CommandError(`No token for ${scope}: ${(error as Error).message}`);
  }
  throw new CommandError(`Nobody is signed in, so there is no token for ${scope}.\n${SIGN_IN_HELP.join('\n')}`);
}
