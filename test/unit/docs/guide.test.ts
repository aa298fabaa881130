// docs/clients.md shows what the clients' tests run.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (name: string): string => readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8');
const handlerIn = (text: string): string | undefined => /sealed class IdempotencyKeyHandler[\s\S]*?\n\}\n/.exec(text)?.[0];

test('its handler for .NET that sets an Idempotency-Key is the one that a test runs through lost answers', () => {
  expect(handlerIn(read('docs/clients.md'))).toBeDefined();
  expect(handlerIn(read('docs/clients.md'))).toBe(handlerIn(read('test/clients/dotnet/HttpCaller.cs')));
});

test('its version of Microsoft.Graph for .NET is the one that is run', () => {
  const [, version] = /<MICROSOFT_GRAPH_VERSION [^>]*>([\d.]+)</.exec(read('test/clients/dotnet/clients.csproj')) ?? [];
  expect(read('docs/clients.md')).toContain(`| [.NET](#net-microsoftgraph-5) | ${version} |`);
});
