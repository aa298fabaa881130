// Sign-in of people to single-page applications: authorization code with PKCE, refresh tokens, and the end of the session.
// https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow
import { createHash } from 'node:crypto';
import type { Answer } from '../http/answer.ts';
import type { GraphRequest } from '../http/request.ts';
import type { EmulatorState } from '../state.ts';
import { newGuid } from '../store/ids.ts';
import { issuerOf, plain, refused } from './answers.ts';
import type { Application } from './applications.ts';
import { type Person, people, personNamed } from './people.ts';
import { tenantId } from './tokens.ts';

interface Grant {
  person: Person;
  clientId: string;
  scope: string;
  nonce: string;
}

interface Code extends Grant {
  challenge: string;
  redirectUri: string;
}

export interface SignIns {
  readonly codes: Map<string, Code>;
  readonly refreshTokens: Map<string, Grant>;
  reset(): void;
}

export function createSignIns(): SignIns {
  const codes = new Map<string, Code>();
  const refreshTokens = new Map<string, Grant>();
  return {
    codes,
    refreshTokens,
    reset() {
      codes.clear();
      refreshTokens.clear();
    },
  };
}

const ACCESS_SECONDS = 3_599;

const page = (status: number, body: string): Answer => ({
  status,
  headers: { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store', 'Content-Security-Policy': "default-src 'none'" },
  text: `<!doctype html><html lang="en"><meta charset="utf-8"><title>Sign in</title><h1>Sign in</h1>${body}</html>`,
});

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** A redirect URI is one of the application's, on any port of this machine. */
function takes({ redirectPaths = [] }: Application, redirectUri: string): boolean {
  if (!URL.canParse(redirectUri)) return false;
  const { hostname, pathname, search, hash } = new URL(redirectUri);
  return /^(localhost|127\.0\.0\.1)$/.test(hostname) && redirectPaths.includes(pathname) && search + hash === '';
}

const redirect = (uri: string, values: Record<string, string>): Answer => ({
  status: 302,
  headers: { Location: `${uri}#${new URLSearchParams(values)}`, 'Cache-Control': 'no-store' },
  text: '',
});

/** The page on which a person is chosen, and the way back with a code. */
export function authorize(state: EmulatorState, request: GraphRequest): Answer {
  const value = (name: string) => request.query.get(name) ?? '';
  const application = state.applications.find(value('client_id'));
  if (application === undefined) return page(400, `<p>AADSTS700016: Application '${escaped(value('client_id'))}' was not found.</p>`);
  if (!takes(application, value('redirect_uri')))
    return page(400, `<p>AADSTS50011: The redirect URI '${escaped(value('redirect_uri'))}' does not match.</p>`);
  const back = (values: Record<string, string>) => redirect(value('redirect_uri'), { ...values, state: value('state') });
  const wrong = (description: string) => back({ error: 'invalid_request', error_description: description });
  if (value('response_type') !== 'code') return wrong('AADSTS700054: response_type is not enabled for the application.');
  if (value('code_challenge_method') !== 'S256' || value('code_challenge') === '')
    return wrong('AADSTS9002325: Proof Key for Code Exchange is required for cross-origin authorization code redemption.');
  const chosen = value('person');
  if (chosen === 'nobody') return back({ error: 'access_denied', error_description: 'AADSTS65004: User declined to consent.' });
  const person = personNamed(chosen);
  if (person === undefined) {
    const href = (upn: string) => escaped(`?${new URLSearchParams([...request.query, ['person', upn]])}`);
    const links = people.map(
      (one) => `<li><a href="${href(one.userPrincipalName)}">${one.name}</a> ${one.roles.join(', ') || 'no role'}</li>`,
    );
    return page(200, `<ul>${links.join('')}<li><a href="${href('nobody')}">Cancel</a></li></ul>`);
  }
  const code = newGuid();
  state.signIns.codes.set(code, {
    person,
    clientId: application.clientId,
    scope: value('scope'),
    nonce: value('nonce'),
    challenge: value('code_challenge'),
    redirectUri: value('redirect_uri'),
  });
  return back({ code, client_info: clientInfo(person), session_state: newGuid() });
}

export function endSession(_state: EmulatorState, request: GraphRequest): Answer {
  const uri = request.query.get('post_logout_redirect_uri');
  return uri === undefined ? page(200, '<p>You have signed out.</p>') : { status: 302, headers: { Location: uri }, text: '' };
}

const clientInfo = ({ objectId }: Person): string => Buffer.from(JSON.stringify({ uid: objectId, utid: tenantId })).toString('base64url');

const OPEN_ID = ['openid', 'profile', 'offline_access', 'email'];

async function tokensFor(state: EmulatorState, request: GraphRequest, grant: Grant): Promise<Answer> {
  const { person, clientId, nonce } = grant;
  const scopes = grant.scope.split(' ').filter((scope) => scope !== '' && !OPEN_ID.includes(scope));
  const [first = ''] = scopes;
  const resource = first.slice(0, first.lastIndexOf('/'));
  const who = { oid: person.objectId, sub: person.objectId, ver: '2.0', ...(person.roles.length > 0 && { roles: [...person.roles] }) };
  const accessToken = await state.tokens.issue(
    {
      ...who,
      aud: resource.replace(/^api:\/\//, ''),
      iss: issuerOf(state.url),
      azp: clientId,
      scp: scopes.map((scope) => scope.slice(scope.lastIndexOf('/') + 1)).join(' '),
      preferred_username: person.userPrincipalName,
    },
    { expiresIn: ACCESS_SECONDS },
  );
  const idToken = await state.tokens.issue(
    { ...who, aud: clientId, iss: issuerOf(request.baseUrl), nonce, name: person.name, preferred_username: person.userPrincipalName },
    { expiresIn: ACCESS_SECONDS },
  );
  const refreshToken = newGuid();
  state.signIns.refreshTokens.set(refreshToken, grant);
  return plain(200, {
    token_type: 'Bearer',
    scope: scopes.join(' '),
    expires_in: ACCESS_SECONDS,
    ext_expires_in: ACCESS_SECONDS,
    access_token: accessToken,
    id_token: idToken,
    refresh_token: refreshToken,
    client_info: clientInfo(person),
  });
}

const invalid = (description: string): Answer => refused(400, 'invalid_grant', description);

/** A code is good once. */
export async function redeemCode(state: EmulatorState, request: GraphRequest, form: URLSearchParams): Promise<Answer> {
  const given = form.get('code') ?? '';
  const code = state.signIns.codes.get(given);
  state.signIns.codes.delete(given);
  if (code === undefined) return invalid('AADSTS70008: The provided authorization code is expired or was already redeemed.');
  const challenge = createHash('sha256')
    .update(form.get('code_verifier') ?? '')
    .digest('base64url');
  if (challenge !== code.challenge) return invalid('AADSTS501481: The Code_Verifier does not match the code_challenge.');
  if (form.get('client_id') !== code.clientId || form.get('redirect_uri') !== code.redirectUri)
    return invalid('AADSTS700005: The authorization code was issued for another client or redirect URI.');
  return tokensFor(state, request, code);
}

export async function redeemRefreshToken(state: EmulatorState, request: GraphRequest, form: URLSearchParams): Promise<Answer> {
  const grant = state.signIns.refreshTokens.get(form.get('refresh_token') ?? '');
  if (grant === undefined || form.get('client_id') !== grant.clientId)
    return invalid('AADSTS700084: The refresh token was issued to a single page app, and has expired.');
  return tokensFor(state, request, { ...grant, scope: form.get('scope') ?? grant.scope });
}
