// What is used of Azure's credentials. The build makes a chunk of it, which is loaded at the first use.
export { ChainedTokenCredential, EnvironmentCredential, ManagedIdentityCredential } from '@azure/identity';
export { ManagedIdentityApplication } from '@azure/msal-node';
