// Who we are to Graph: a client secret or certificate of the environment (a laptop), else the managed identity.
import { ChainedTokenCredential, EnvironmentCredential, ManagedIdentityCredential, type TokenCredential } from '@azure/identity';

/** No authority is asked for a managed identity's token; yet the library insists on https for the one of the environment. */
const NO_AUTHORITY = { authorityHost: 'https://login.microsoftonline.com' };

export const managedIdentity = (clientId: string | undefined): TokenCredential =>
  clientId ? new ManagedIdentityCredential({ clientId, ...NO_AUTHORITY }) : new ManagedIdentityCredential(NO_AUTHORITY);

export const graphCredential = (clientId: string | undefined): TokenCredential =>
  new ChainedTokenCredential(new EnvironmentCredential(), managedIdentity(clientId));
