// Answers that are not Graph's own, by name: what a gateway, a load balancer or a proxy on the way says instead of it.
import type { FaultAnswer } from './fault.ts';

const HTML = { 'Content-Type': 'text/html' };
const page = (title: string) => `<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`;
/** Nobody listens there; a client that follows it is noticed by its failure. */
const ELSEWHERE = { Location: 'http://127.0.0.1:9/v1.0/elsewhere' };
const nothing = (status: number, headers: Record<string, string> = {}): FaultAnswer => ({ status, headers, body: '' });

export const namedAnswers: Readonly<Record<string, FaultAnswer>> = {
  /** RFC 9110 section 15.5.20: the connection leads to a server that does not answer for this host; clients may repeat on another one. */
  misdirected: nothing(421),
  /** RFC 9110 section 15.4. 301 to 303 let clients change POST to GET, 307 and 308 have them post again. */
  movedPermanently: nothing(301, ELSEWHERE),
  found: nothing(302, ELSEWHERE),
  seeOther: nothing(303, ELSEWHERE),
  temporaryRedirect: nothing(307, ELSEWHERE),
  permanentRedirect: nothing(308, ELSEWHERE),
  notModified: nothing(304),
  gatewayHtml400: { status: 400, headers: HTML, body: page('400 Bad Request') },
  gatewayHtml403: { status: 403, headers: HTML, body: page('403 Forbidden') },
  gatewayHtml404: { status: 404, headers: HTML, body: page('404 Not Found') },
  gatewayHtml502: { status: 502, headers: HTML, body: page('502 Bad Gateway') },
  gatewayHtml503: { status: 503, headers: HTML, body: page('503 Service Unavailable') },
  /** A captive portal, or a proxy that wants a login. */
  htmlInsteadOfAnswer: { status: 200, headers: HTML, body: page('Sign in') },
  empty200: nothing(200),
  empty400: nothing(400),
  empty404: nothing(404),
  empty409: nothing(409),
  empty500: nothing(500),
};
