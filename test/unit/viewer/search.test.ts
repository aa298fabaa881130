// The viewer's search: what its words mean.
import { expect, test } from 'vitest';
import { meetsSearch, parseSearch, type Searched } from '../../emulators/graph-mail/viewer/search.ts';

const mail: Searched = {
  from: 'bob bob@contoso.com',
  to: 'alice@contoso.com\ncustomer@example.com',
  subject: 're: invoice 4711',
  text: 'please pay by friday',
  'message-id': '<abc+1@contoso.com>',
  mark: '01hx',
};
const finds = (query: string): boolean => meetsSearch(parseSearch(query), mail);

test('all words must be in the mail, in any field and any case', () => {
  expect(finds('INVOICE friday alice')).toBe(true);
  expect(finds('invoice monday')).toBe(false);
  expect(finds('')).toBe(true);
});

test('a prefix names the field', () => {
  expect(finds('from:bob to:alice subject:4711 text:pay message-id:abc+1 mark:01hx')).toBe(true);
  expect(finds('from:alice')).toBe(false);
  expect(finds('SUBJECT:friday')).toBe(false);
});

test('words in quotation marks stand together, also behind a prefix', () => {
  expect(finds('"pay by"')).toBe(true);
  expect(finds('"by pay"')).toBe(false);
  expect(finds('subject:"invoice 4711" "<abc+1@contoso.com>"')).toBe(true);
});

test('a prefix that is no field, and a quotation mark that never closes, are part of the word', () => {
  expect(parseSearch('re:hello "open from:')).toEqual([
    { field: null, text: 're:hello' },
    { field: null, text: '"open' },
    { field: null, text: 'from:' },
  ]);
});

test('only the first 500 characters count, so that no query is dear', () => {
  expect(parseSearch(`${'a '.repeat(10_000)}`)).toHaveLength(250);
});
