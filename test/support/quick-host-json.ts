// A host.json for stacks of tests.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The app's own host.json, but a session without messages is let go at once: tests have many mailboxes with one mail each. */
export function quickHostJson(directory: string): string {
  const own = JSON.parse(readFileSync(fileURLToPath(new URL('../../host.json', import.meta.url)), 'utf8')) as {
    extensions: { serviceBus: Record<string, unknown> };
  };
  own.extensions.serviceBus['sessionIdleTimeout'] = '00:00:00.2000000';
  const file = join(directory, 'host.json');
  writeFileSync(file, JSON.stringify(own));
  return file;
}
