// Whether a control call comes from this machine and from no page of another site: a browser can be made to send requests anywhere.

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i;

/** `host` and `origin` are the request's headers. A rebound DNS name shows in Host, a page of another site in Origin (RFC 6454). */
export function isLocalCaller({ host, origin }: { host?: string | undefined; origin?: string | undefined }): boolean {
  if (host === undefined || !LOOPBACK.test(host)) return false;
  return origin === undefined || origin.toLowerCase() === `http://${host.toLowerCase()}`;
}

export const LOCAL_CALLERS_ONLY =
  'Control calls are taken from this machine only: Host must be localhost or 127.0.0.1, Origin this server or none.';
