// Who we are to Graph: a client secret or certificate of the environment (a laptop), else the managed identity.
import type { TokenCredential } from '@azure/identity';

/** No authority is asked for a managed identity's token; yet the library insists on https for the one of the environment. */
const NO_AUTHORITY = { authorityHost: 'https://login.microsoftonline.com' };

/** A credential that is made, and its package loaded, for its first token. */
function madeWhenAsked(make: () => Promise<TokenCredential>): TokenCredential {
  let made: Promise<TokenCredential> | undefined;
  return {
    async getToken(scopes, options) {
      made ??= make();
      return (await made).getToken(scopes, options);
    },
  };
}

/** For services whose own clients keep and renew tokens. */
export const managedIdentity = (clientId: string | undefined): TokenCredential =>
  madeWhenAsked(async () => {
    const { ManagedIdentityCredential } = await import('./identity-sdk.ts');
    return clientId ? new ManagedIdentityCredential({ clientId, ...NO_AUTHORITY }) : new ManagedIdentityCredential(NO_AUTHORITY);
  });

/** How a client signs in there: as the connection string says, or by the managed identity. */
export function signedIn<Endpoints>(connection: { connectionString: string } | ({ clientId: string | undefined } & Endpoints)) {
  const { connectionString, clientId } = connection as { connectionString?: string; clientId?: string };
  return connectionString === undefined ? { ...(connection as Endpoints), credential: managedIdentity(clientId) } : { connectionString };
}

/**
 * A token from the identity's endpoint, whatever was handed out before. ManagedIdentityCredential cannot do that: it takes a token from a cache that
 * @azure/msal-node shares between all credentials of the process, and passes neither `claims` nor `forceRefresh` on (both read in their source).
 */
const freshManagedIdentity = (clientId: string | undefined): TokenCredential => ({
  async getToken(scopes) {
    const { ManagedIdentityApplication } = await import('./identity-sdk.ts');
    const [resource = ''] = [scopes].flat();
    const application = new ManagedIdentityApplication(clientId ? { managedIdentityIdParams: { userAssignedClientId: clientId } } : {});
    const { accessToken, expiresOn } = await application.acquireToken({ resource, forceRefresh: true });
    if (!expiresOn) throw new Error('The token of the managed identity names no end');
    return { token: accessToken, expiresOnTimestamp: expiresOn.getTime() };
  },
});

/** Asks anew whenever it is made anew: the credential of the environment keeps its tokens to itself. */
export const graphCredential = (clientId: string | undefined): TokenCredential =>
  madeWhenAsked(async () => {
    const { ChainedTokenCredential, EnvironmentCredential } = await import('./identity-sdk.ts');
    return new ChainedTokenCredential(new EnvironmentCredential(), freshManagedIdentity(clientId));
  });
