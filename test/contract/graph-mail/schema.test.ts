// The types that requests are checked against, and the names that answers use, compared with Graph's metadata document.
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { enumerations, types } from '../../emulators/graph-mail/validation/schema.ts';
import { type Client, simpleMessage, startClient } from './support/client.ts';

const file = new URL('../../../../shared/facts/graph-mail-csdl-slice.xml', import.meta.url);
const metadata = existsSync(file) ? readFileSync(file, 'utf8') : '';
if (metadata === '') console.warn('graph-mail-csdl-slice.xml is not here: the schema is not compared');

function elementOf(kind: string, name: string): string {
  return new RegExp(`<${kind} Name="${name}"(?:[^>]*/>|[\\s\\S]*?</${kind}>)`).exec(metadata)?.[0] ?? '';
}

/** Properties of a type and its base types, with our spelling of types. */
function propertiesOf(name: string): Record<string, string> {
  const element = elementOf('EntityType', name) || elementOf('ComplexType', name);
  const base = /^<EntityType [^>]*BaseType="graph\.(\w+)"/.exec(element)?.[1];
  const own = [...element.matchAll(/<(?:Navigation)?Property Name="(\w+)" Type="([^"]+)"/g)].map(([, property, type]) => [
    property,
    type?.replace('graph.', ''),
  ]);
  return { ...(base === undefined ? {} : propertiesOf(base)), ...Object.fromEntries(own) };
}

let client: Client;
beforeAll(async () => {
  client = await startClient();
});
afterAll(() => client.close());

describe.skipIf(metadata === '')('compared with the metadata document', () => {
  test.each(Object.keys(types).filter((name) => name !== 'mailFolder'))('%s has these properties of these types, and no others', (name) => {
    expect(types[name]).toEqual(propertiesOf(name));
  });

  test.each(Object.keys(enumerations))('%s has these members', (name) => {
    expect(enumerations[name]).toEqual([...elementOf('EnumType', name).matchAll(/Member Name="(\w+)"/g)].map(([, member]) => member));
  });

  test('what a message shows has the names and types of the metadata document', async () => {
    const shown = (await client.user('POST', '/messages', simpleMessage())).json as Record<string, unknown>;
    const known = propertiesOf('message');
    const simple: Record<string, string> = { string: 'Edm.String', boolean: 'Edm.Boolean' };
    for (const [name, value] of Object.entries(shown)) {
      if (name.startsWith('@odata.')) continue;
      expect(known, name).toHaveProperty(name);
      const expected = simple[typeof value];
      if (expected === 'Edm.Boolean') expect(known[name]).toBe(expected);
      if (known[name]?.startsWith('Collection')) expect(Array.isArray(value), name).toBe(true);
    }
  });

  test('mail folders show properties of the metadata document', async () => {
    const folder = (await client.user('GET', '/mailFolders/inbox')).json as Record<string, unknown>;
    for (const name of Object.keys(folder).filter((one) => !one.startsWith('@'))) expect(propertiesOf('mailFolder')).toHaveProperty(name);
  });
});

test('enum members are read in any case and shown in lower case; read-only properties of the right type are passed over', async () => {
  const draft = await client.user('POST', '/messages', {
    ...simpleMessage(),
    importance: 'HIGH',
    body: { contentType: 'Html', content: '<b>x</b>' },
    flag: { flagStatus: 'Flagged' },
    inferenceClassification: 'OTHER',
    isDraft: false,
    hasAttachments: true,
    webLink: 'https://example.com/',
  });
  const { importance, body, flag, inferenceClassification, isDraft, hasAttachments } = draft.json;
  expect([draft.status, importance, body.contentType, flag.flagStatus, inferenceClassification, isDraft, hasAttachments]).toEqual([
    201,
    'high',
    'html',
    'flagged',
    'other',
    true,
    false,
  ]);
});

test('parameters of actions are read with a capital or a small first letter, booleans also as text', async () => {
  for (const parameters of [
    { Message: simpleMessage(), SaveToSentItems: 'False' },
    { message: simpleMessage(), saveToSentItems: 'false' },
  ]) {
    expect((await client.user('POST', '/sendMail', parameters)).status).toBe(202);
  }
  await client.emulator.control.settled();
  expect(client.emulator.control.deliveries()).toHaveLength(2);
  expect(client.emulator.control.mails('sender@contoso.com', 'sentitems')).toEqual([]);
});
