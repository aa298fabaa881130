// Which policies of the SDK a call to a table passes.
import { expect, test } from 'vitest';
import { makeTableClient } from '../../../shared/adapters/table-storage/table-client.ts';

const connectionString = `DefaultEndpointsProtocol=http;AccountName=a;AccountKey=${btoa('key')};TableEndpoint=http://127.0.0.1:1/a`;

test('a call to a table passes the proxy, signatures and retries of the SDK, and none of the policies that do nothing for tables', async () => {
  const { pipeline } = await makeTableClient({ connectionString })();
  const names = pipeline.getOrderedPolicies().map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['proxyPolicy', 'tablesNamedKeyCredentialPolicy', 'defaultRetryPolicy', 'logPolicy']));
  for (const unused of ['tracingPolicy', 'formDataPolicy', 'multipartPolicy', 'redirectPolicy']) expect(names).not.toContain(unused);
});
