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

const SIGN_IN_HELP = [
  'Sign in first with one of these: az login, azd auth login, Connect-AzAccount.',
  'Or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET (or AZURE_CLIENT_CERTIFICATE_PATH) in the environment.',
  'In a national cloud set AZURE_AUTHORITY_HOST, too.',
];

const hasManagedIdentity = (): boolean => process.env['IDENTITY_ENDPOINT'] !== undefined;

/** The credentials of the person who runs a command. They are read with the first token. If nobody is signed in, the token throws NotSignedIn. */
export function personalCredential(): TokenCredential {
  const chain = new ChainedTokenCredential(
    new EnvironmentCredential(),
    ...(hasManagedIdentity() ? [managedIdentity(process.env['AZURE_CLIENT_ID'])] : []),
    new AzureCliCredential(),
    new AzureDeveloperCliCredential(),
    new AzurePowerShellCredential(),
  );
  return {
    getToken: (scopes, options) =>
      chain.getToken(scopes, options).catch((error: unknown) => {
        throw isNotSignedIn(error) ? new NotSignedIn(String(scopes)) : error;
      }),
  };
}

/** A command has wrong arguments, or lacks something that it needs: the message says what to do. */
export class CommandError extends Error {
  override name = 'CommandError';
}

/** The message says in three lines what to do. */
export class NotSignedIn extends CommandError {
  override name = 'NotSignedIn';
  constructor(scope: string) {
    super(`Nobody is signed in, so there is no token for ${scope}.\n${SIGN_IN_HELP.join('\n')}`);
  }
}

/** True for an error of @azure/identity that means: nobody is signed in. */
export const isNotSignedIn = (error: unknown): boolean =>
  error instanceof Error && /^(CredentialUnavailableError|AggregateAuthenticationError|AuthenticationRequiredError)$/.test(error.name);

/** A token for a scope such as `api://…/.default`. Throws CommandError. */
export async function tokenFor(scope: string): Promise<string> {
  try {
    const answer = await personalCredential().getToken(scope);
    if (answer) return answer.token;
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`No token for ${scope}: ${(error as Error).message}`);
  }
  throw new NotSignedIn(scope);
}
