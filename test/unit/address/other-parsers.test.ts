// Whatever the product takes of an address field, other parsers read the same addresses: email-addresses (all of RFC 5322), nodemailer's, and Python's.
import { spawnSync } from 'node:child_process';
import { parseAddressList } from 'email-addresses';
import fc from 'fast-check';
import parseWithNodemailer from 'nodemailer/lib/addressparser';
import { expect, test } from 'vitest';
import { addressKey } from '../../../shared/domain/address/address.ts';
import { readAddresses } from '../../../shared/domain/address/address-list.ts';

const RUNS = 20_000;

const piece = fc.constantFrom(
  ...['a', 'ceo', 'x.y', '..', '.', 'é', 'o’neil', "o'neil", '@', '@', 'contoso.com', 'evil.example', 'exämple.com', '[192.0.2.1]'],
  ...[
    '<',
    '>',
    ',',
    ';',
    ':',
    '(',
    ')',
    '\\',
    '"',
    ' ',
    '\t',
    '"a b"',
    '"a@b"',
    '"."',
    '(c)',
    '(a (b))',
    '(a <x@evil.example>)',
    '=?utf-8?Q?x=40y?=',
  ],
);
const mailbox = fc.constantFrom(
  ...['a@contoso.com', '<ceo@contoso.com>', 'Ada <a@contoso.com>', '"Last, First" <b@contoso.com>', 'John Q. Public <q@contoso.com>'],
  ...[
    '"a b"@contoso.com',
    '"needless"@contoso.com',
    'b@contoso.com (Bob (the builder))',
    'team: a@contoso.com, <b@contoso.com>;',
    'nobody:;',
  ],
  ...[
    'ceo @contoso.com',
    '<ceo@contoso.com (x)>',
    '<@x:ceo@contoso.com>',
    '(a (b) <a@contoso.com>) ceo@contoso.com',
    '<a@b.example> <c@d.example>',
  ],
);
const field = fc.oneof(
  fc.array(piece, { maxLength: 9 }).map((parts) => parts.join('')),
  fc.array(mailbox, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(', ')),
  fc.tuple(mailbox, piece, mailbox).map((parts) => parts.join('')),
);

/** The fields that the product takes, each once, with the keys of the addresses that it reads. */
const taken = new Map<string, string[]>();
for (const text of fc.sample(field, { seed: 20_261_129, numRuns: RUNS })) {
  const read = readAddresses(text, 'addresses');
  if (read.ok)
    taken.set(
      text,
      read.mailboxes.map(({ address }) => addressKey(address)),
    );
}

type Entry = { local?: string; domain?: string; addresses?: Entry[] };
const flat = (entry: Entry): Entry[] => entry.addresses ?? [entry];

/** A difference in each field whose addresses another parser reads otherwise. */
const differences = (read: (text: string) => string[]): [string, string[], string[]][] =>
  [...taken]
    .map(([text, ours]): [string, string[], string[]] => [text, ours, read(text)])
    .filter(([, a, b]) => a.join(' ') !== b.join(' '));

test('the corpus has fields of every kind that are taken', () => {
  expect(taken.size).toBeGreaterThan(500);
  expect([...taken.values()].filter((addresses) => addresses.length > 1).length).toBeGreaterThan(200);
  for (const sign of ['"', '(', ':', '<', 'é']) expect([...taken.keys()].some((text) => text.includes(sign))).toBe(true);
});

test('email-addresses reads the same', () => {
  const read = (text: string): string[] => {
    if (text.trim() === '') return [];
    const parsed = parseAddressList({ input: text, rfc6532: true }) as Entry[] | null;
    return parsed === null ? ['refused'] : parsed.flatMap(flat).map(({ local, domain }) => addressKey(`${local}@${domain}`));
  };
  expect(differences(read)).toEqual([]);
});

test('nodemailer reads the same', () => {
  expect(differences((text) => parseWithNodemailer(text, { flatten: true }).map(({ address }) => addressKey(address)))).toEqual([]);
});

const PYTHON = `
import json, sys
from email.utils import getaddresses
json.dump([[a for _, a in getaddresses([t]) if a] for t in json.load(sys.stdin)], sys.stdout)
`;

test('Python reads the same, where it is there', () => {
  const ran = spawnSync('python3', ['-c', PYTHON], { input: JSON.stringify([...taken.keys()]), maxBuffer: 1 << 28 });
  if (ran.status !== 0) return console.warn('python3 is not here: its parser is not compared');
  const read = JSON.parse(ran.stdout.toString()) as string[][];
  const byText = new Map([...taken.keys()].map((text, index) => [text, (read[index] as string[]).map(addressKey)]));
  expect(differences((text) => byText.get(text) as string[])).toEqual([]);
});
