// What an access token says of itself. Nothing is verified here: the app does that.

export interface TokenClaims {
  aud?: string;
  tid?: string;
  iss?: string;
  appid?: string;
  azp?: string;
  roles?: string[];
  scp?: string;
  exp?: number;
}

export function claimsOf(token: string): TokenClaims {
  try {
    return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as TokenClaims;
  } catch {
    return {};
  }
}

export const applicationOf = ({ azp, appid }: TokenClaims): string => azp ?? appid ?? 'unknown';
