// The token endpoints: App Service's managed identity, and the tenant's OpenID configuration, keys, client credentials, and tokens of people.
// https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference
import type { Answer } from '../http/answer.ts';
import type { GraphRequest } from '../http/request.ts';
import type { EmulatorState } from '../state.ts';
import { issuerOf, plain, refused } from './answers.ts';
import { type Application, managedIdentity, rolesFor } from './applications.ts';
import { redeemCode, redeemRefreshToken } from './sign-in.ts';
import { tenantId } from './tokens.ts';

export async function managedIdentityToken(state: EmulatorState, request: GraphRequest): Promise<Answer> {
  if ((request.headers['x-identity-header'] ?? '') === '') return plain(401, { statusCode: 401, message: 'Unauthorized' });
  const resource = request.query.get('resource');
  if (resource === undefined || request.query.get('api-version') !== '2019-08-01') {
    return plain(400, { statusCode: 400, message: 'api-version=2019-08-01 and resource are needed.' });
  }
  const clientId = request.query.get('client_id') ?? managedIdentity.clientId;
  const expiresIn = 24 * 3600;
  const token = await state.tokens.issue(
    {
      aud: resource,
      iss: `https://sts.windows.net/${tenantId}/`,
      appid: clientId,
      idtyp: 'app',
      oid: managedIdentity.objectId,
      sub: managedIdentity.objectId,
      roles: [...state.switches.graphRoles],
      ver: '1.0',
    },
    { expiresIn },
  );
  const expiresOn = Math.floor(state.clock.now() / 1000) + expiresIn;
  return plain(200, { access_token: token, client_id: clientId, expires_on: String(expiresOn), resource, token_type: 'Bearer' });
}

export function openIdConfiguration(state: EmulatorState, request: GraphRequest): Answer {
  const authority = `${request.baseUrl}/${tenantId}`;
  return plain(200, {
    // Behind https MSAL takes only an issuer at the origin that it asks. Tokens name the one that the resource trusts, as ever.
    issuer: issuerOf(request.baseUrl.startsWith('https:') ? request.baseUrl : state.url),
    authorization_endpoint: `${authority}/oauth2/v2.0/authorize`,
    token_endpoint: `${authority}/oauth2/v2.0/token`,
    end_session_endpoint: `${authority}/oauth2/v2.0/logout`,
    jwks_uri: `${authority}/discovery/v2.0/keys`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    response_types_supported: ['code', 'token'],
    response_modes_supported: ['fragment'],
    scopes_supported: ['openid', 'profile', 'offline_access'],
    id_token_signing_alg_values_supported: ['RS256'],
    subject_types_supported: ['pairwise'],
  });
}

function clientOf(request: GraphRequest, form: URLSearchParams): [string, string] {
  const basic = /^Basic +(.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (basic === undefined) return [form.get('client_id') ?? '', form.get('client_secret') ?? ''];
  const [id = '', secret = ''] = Buffer.from(basic, 'base64').toString().split(/:(.*)/s);
  return [decodeURIComponent(id), decodeURIComponent(secret)];
}

/** Claims of a v2.0 application token: https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference */
export function applicationClaims(application: Application, resource: string, baseUrl: string): Record<string, unknown> {
  return {
    aud: resource.replace(/^api:\/\//, ''),
    iss: issuerOf(baseUrl),
    azp: application.clientId,
    azpacr: '1',
    idtyp: 'app',
    oid: application.objectId,
    sub: application.objectId,
    roles: [...rolesFor(application, resource)],
    ver: '2.0',
  };
}

export async function tenantToken(state: EmulatorState, request: GraphRequest): Promise<Answer> {
  const form = new URLSearchParams(request.body.toString());
  switch (form.get('grant_type')) {
    case 'client_credentials':
      return clientCredentials(state, request, form);
    case 'authorization_code':
      return redeemCode(state, request, form);
    case 'refresh_token':
      return redeemRefreshToken(state, request, form);
    default:
      return refused(400, 'unsupported_grant_type', 'AADSTS70003: The app requested an unsupported grant type.');
  }
}

async function clientCredentials(state: EmulatorState, request: GraphRequest, form: URLSearchParams): Promise<Answer> {
  const [clientId, secret] = clientOf(request, form);
  const application = state.applications.find(clientId);
  if (application === undefined)
    return refused(400, 'unauthorized_client', `AADSTS700016: Application '${clientId}' was not found in the directory.`);
  if (application.secret !== secret) return refused(401, 'invalid_client', 'AADSTS7000215: Invalid client secret provided.');
  const scope = form.get('scope') ?? '';
  if (!scope.endsWith('/.default'))
    return refused(400, 'invalid_scope', `AADSTS1002012: The provided value for scope ${scope} is not valid.`);
  const resource = scope.slice(0, -'/.default'.length);
  const expiresIn = 3599;
  const token = await state.tokens.issue(applicationClaims(application, resource, state.url), { expiresIn });
  return plain(200, { token_type: 'Bearer', expires_in: expiresIn, ext_expires_in: expiresIn, access_token: token });
}
