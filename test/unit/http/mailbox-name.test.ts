// One name per mailbox: every spelling comes to one, and what can be no mailbox to none.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isAddress } from '../../../shared/domain/address/address.ts';
import { canonicalMailbox } from '../../../shared/domain/address/mailbox-name.ts';

describe('a mailbox', () => {
  test.each([
    ['ada@contoso.com', 'ada@contoso.com'],
    ['Ada.Lovelace+Mail@Contoso.COM', 'ada.lovelace+mail@contoso.com'],
    ["O'Brien@contoso.com", "o'brien@contoso.com"],
    ['ju\u0308rgen@contoso.com', 'j\u00fcrgen@contoso.com'],
    ['8D0E1F2A-0000-4000-8000-0123456789AB', '8d0e1f2a-0000-4000-8000-0123456789ab'],
  ])('%s is %s', (name, canonical) => {
    expect(canonicalMailbox(name)).toBe(canonical);
  });

  test.each([
    '',
    'ada',
    'me',
    'ada@',
    'ada/../bob@contoso.com',
    'ada%2Fbob@contoso.com',
    'ada%40contoso.com',
    'a..b@contoso.com',
    '..',
    '$batch@contoso.com',
    'ada@contoso.com?x=1',
    'ada@contoso.com#x',
    'ada\\bob@contoso.com',
    '"ada"@contoso.com',
    'ada@[192.0.2.1]',
    'ada\r\n@contoso.com',
    'ada\u0000@contoso.com',
    'ada bob@contoso.com',
    'ada\u200b@contoso.com',
    'ada\u202ebob@contoso.com',
    `${'a'.repeat(10_000)}@contoso.com`,
    `a@${'b.'.repeat(130)}com`,
  ])('cannot be %j', (name) => {
    expect(canonicalMailbox(name)).toBeUndefined();
  });

  test('has a name that is canonical itself, whatever it came from', () => {
    const word = fc.string({ unit: 'binary', minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(word, word, (local, domain) => {
        const name = canonicalMailbox(`${local}@${domain}`);
        if (name === undefined) return;
        expect(canonicalMailbox(name)).toBe(name);
        expect(isAddress(name)).toBe(true);
      }),
      { seed: 20_260_812, numRuns: 3000 },
    );
  });

  test('has the same name in every spelling of its case', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zäöüσß]{1,12}$/), (local) => {
        const name = `${local}@contoso.com`;
        expect(canonicalMailbox(name.toUpperCase().toLowerCase())).toBe(canonicalMailbox(name.toUpperCase()));
      }),
      { seed: 20_260_813, numRuns: 500 },
    );
  });
});
