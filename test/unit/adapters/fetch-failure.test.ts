// A failed fetch: only what failed before anything could leave is "not sent"; all else is doubt.
import { describe, expect, it } from 'vitest';
import { explainFetchFailure } from '../../../shared/adapters/graph/fetch-failure.ts';

const failed = (...causes: { code?: string; syscall?: string; message?: string }[]): Error => {
  const errors = causes.map(({ message = 'failed', ...rest }) => Object.assign(new Error(message), rest));
  return new TypeError('fetch failed', { cause: errors.length === 1 ? errors[0] : new AggregateError(errors) });
};

describe('a failed fetch', () => {
  it.each([
    ['a host that is not found', { code: 'ENOTFOUND', syscall: 'getaddrinfo' }],
    ['a name service that is down', { code: 'EAI_AGAIN', syscall: 'getaddrinfo' }],
    ['a refused connection', { code: 'ECONNREFUSED', syscall: 'connect' }],
    ['an unreachable host', { code: 'EHOSTUNREACH', syscall: 'connect' }],
    ['a connection that took too long', { code: 'UND_ERR_CONNECT_TIMEOUT' }],
    ['a self-signed certificate', { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }],
    ['a self-signed certificate in the chain', { code: 'SELF_SIGNED_CERT_IN_CHAIN' }],
    ['a certificate that has expired', { code: 'CERT_HAS_EXPIRED' }],
    ['a certificate of another name', { code: 'ERR_TLS_CERT_ALTNAME_INVALID' }],
    ['a certificate of an unknown issuer', { code: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' }],
    ['a leaf that cannot be verified', { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }],
    ['a server that speaks no TLS', { code: 'ERR_SSL_WRONG_VERSION_NUMBER' }],
    ['a handshake that the server refuses', { code: 'ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE' }],
    [
      'a reset before TLS',
      { code: 'ECONNRESET', message: 'Client network socket disconnected before secure TLS connection was established' },
    ],
  ])('%s: nothing was sent', (_, cause) => {
    expect(explainFetchFailure(failed(cause)).kind).toBe('notSent');
  });

  it.each([
    ['a reset', { code: 'ECONNRESET', syscall: 'read' }],
    ['a broken pipe', { code: 'EPIPE', syscall: 'write' }],
    ['a connection that timed out later', { code: 'ETIMEDOUT', syscall: 'read' }],
    ['a host that became unreachable', { code: 'EHOSTUNREACH', syscall: 'read' }],
    ['a closed socket', { code: 'UND_ERR_SOCKET', message: 'other side closed' }],
    ['headers that did not come', { code: 'UND_ERR_HEADERS_TIMEOUT' }],
    ['an answer that is not HTTP', { code: 'HPE_INVALID_CONSTANT' }],
    ['a TLS record that is damaged', { code: 'ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC' }],
    ['something unknown', {}],
  ])('%s: there was no answer', (_, cause) => {
    expect(explainFetchFailure(failed(cause)).kind).toBe('noAnswer');
  });

  it('of several addresses all must have failed before sending', () => {
    const refused = { code: 'ECONNREFUSED', syscall: 'connect' };
    expect(explainFetchFailure(failed(refused, { code: 'ETIMEDOUT', syscall: 'connect' })).kind).toBe('notSent');
    expect(explainFetchFailure(failed(refused, { code: 'ECONNRESET', syscall: 'read' })).kind).toBe('noAnswer');
  });

  it('the reason names codes and words', () => {
    expect(explainFetchFailure(failed({ code: 'ECONNREFUSED', syscall: 'connect', message: 'connect ECONNREFUSED ::1:443' })).reason).toBe(
      'ECONNREFUSED: connect ECONNREFUSED ::1:443',
    );
  });
});
