// Sign-in with Microsoft Entra ID by MSAL: authorization code with PKCE, by redirect. Tokens are in this tab's session storage only.
import { type AccountInfo, CacheLookupPolicy, PublicClientApplication } from '@azure/msal-browser';
import type { Session, SessionStart } from './session.ts';

interface EntraSignIn {
  /** With the tenant. */
  authority: string;
  clientId: string;
  scope: string;
}

/** Where the person was before the redirect. It stays in this tab: the address of a search is nothing for the sign-in. */
const PLACE = 'console.place';

const rolesOf = ({ idTokenClaims }: AccountInfo): readonly string[] => (idTokenClaims?.roles ?? []).map(String);

/** Never rejects: a sign-in that fails says why. */
export async function startEntraSession({ authority, clientId, scope }: EntraSignIn): Promise<SessionStart> {
  const app = new PublicClientApplication({
    auth: { clientId, authority, knownAuthorities: [new URL(authority).host], redirectUri: `${location.origin}/console` },
    cache: { cacheLocation: 'sessionStorage' },
  });
  const scopes = [scope];
  const signIn = async (): Promise<void> => {
    sessionStorage.setItem(PLACE, location.hash);
    await app.loginRedirect({ scopes });
  };
  try {
    await app.initialize();
    const back = await app.handleRedirectPromise({ navigateToLoginRequestUrl: false });
    if (back) history.replaceState(null, '', `${location.pathname}${sessionStorage.getItem(PLACE) ?? ''}`);
  } catch (error) {
    history.replaceState(null, '', location.pathname);
    return { kind: 'impossible', why: error instanceof Error ? error.message : String(error) };
  }
  const [account] = app.getAllAccounts();
  if (!account) return { kind: 'signedOut', signIn };
  const session: Session = {
    who: account.username,
    roles: rolesOf(account),
    async headers() {
      try {
        // No hidden frame: the page allows none. If the refresh token has expired, the person signs in again.
        const { accessToken } = await app.acquireTokenSilent({
          scopes,
          account,
          cacheLookupPolicy: CacheLookupPolicy.AccessTokenAndRefreshToken,
        });
        return { authorization: `Bearer ${accessToken}` };
      } catch {
        return undefined;
      }
    },
    signInAgain: signIn,
    signOut: () => app.logoutRedirect({ account, postLogoutRedirectUri: `${location.origin}/console` }),
  };
  return { kind: 'ready', session };
}
