// The worker learns from its arguments if the host is.
import { expect, test } from 'vitest';
import { hostServiceUrl } from '../../../shared/adapters/service-bus/worker-arguments.ts';

const OLD = ['--host', '127.0.0.1', '--port', '4711', '--workerId', 'w', '--requestId', 'r', '--grpcMaxMessageLength', '2147483647'];
const NEW = ['--functions-uri', 'http://127.0.0.1:4712/', '--functions-worker-id', 'w', '--functions-grpc-max-message-length', '1'];

test.each([
  ['the newer argument', [...OLD, ...NEW], 'http://127.0.0.1:4712/'],
  ['an older host', OLD, 'http://127.0.0.1:4711'],
  ['one argument with =', ['--functions-uri=http://localhost:1/'], 'http://localhost:1/'],
  ['no host', [], undefined],
  ['a host without its port', ['--host', 'localhost'], undefined],
  ['an argument without a value', ['--functions-uri'], undefined],
  ['what is no URL', ['--functions-uri', 'somewhere'], undefined],
  ['another scheme', ['--functions-uri', 'unix:/run/host.sock'], undefined],
  ['arguments of others', ['main.cjs', '-x', '--port'], undefined],
])('%s', (_what, argv, url) => {
  expect(hostServiceUrl(argv)).toBe(url);
});
