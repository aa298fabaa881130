// What a failed fetch says about the request: it cannot have left, or perhaps it did.

interface Cause {
  code?: string;
  syscall?: string;
  message?: string;
  errors?: readonly unknown[];
  cause?: unknown;
}

/** Looking the host up, or connecting to it. An established connection fails in `read` or `write`. https://nodejs.org/api/errors.html#class-systemerror */
const BEFORE_SENDING = ['getaddrinfo', 'connect'];

/**
 * No connection in time; a certificate that isn't trusted; a handshake that fails. Nothing of the request is sent before all that is done.
 * https://nodejs.org/api/tls.html#x509-certificate-error-codes, https://docs.openssl.org/3.0/man1/openssl-errstr
 */
const HANDSHAKE_CODES = [
  /^UND_ERR_CONNECT_TIMEOUT$/,
  /^(CERT|CRL)_/,
  /^(UNABLE_TO|ERROR_IN)_.*(CERT|CRL|ISSUER|SIGNATURE|PUBLIC_KEY|FIELD|LEAF)/,
  /SELF_SIGNED_CERT/,
  /^(INVALID_CA|PATH_LENGTH_EXCEEDED|INVALID_PURPOSE|HOSTNAME_MISMATCH)$/,
  /^ERR_TLS_CERT_/,
  /^ERR_SSL_(WRONG_VERSION_NUMBER|UNSUPPORTED_PROTOCOL|UNKNOWN_PROTOCOL|NO_PROTOCOLS_AVAILABLE|HTTP_REQUEST)$/,
  /^ERR_SSL_.*ALERT_(HANDSHAKE_FAILURE|PROTOCOL_VERSION|UNRECOGNIZED_NAME|NO_APPLICATION_PROTOCOL)$/,
];

/** Node says this in words only: the code is that of any reset. */
const BEFORE_TLS = /before secure TLS connection was established/;

function leaves(error: unknown): Cause[] {
  const { errors, cause } = error as Cause;
  if (errors && errors.length > 0) return errors.flatMap(leaves);
  return cause instanceof Error ? leaves(cause) : [error as Cause];
}

const isBeforeSending = ({ code = '', syscall = '', message = '' }: Cause): boolean =>
  BEFORE_SENDING.includes(syscall) || HANDSHAKE_CODES.some((pattern) => pattern.test(code)) || BEFORE_TLS.test(message);

export function explainFetchFailure(error: unknown): { kind: 'notSent' | 'noAnswer'; reason: string } {
  const causes = leaves(error);
  const reason = [...new Set(causes.map(({ code, message }) => [code, message].filter(Boolean).join(': ')))].join('; ').slice(0, 500);
  return { kind: causes.every(isBeforeSending) ? 'notSent' : 'noAnswer', reason };
}
