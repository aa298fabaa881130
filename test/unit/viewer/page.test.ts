// What decides on the viewer's page: its address, what strangers' text looks like, what a key does.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { actionOf } from '../../emulators/graph-mail/viewer/page/shortcuts.ts';
import {
  addressOf,
  bestCopy,
  closed,
  forms,
  pages,
  readView,
  searchOf,
  viewOfMessageId,
} from '../../emulators/graph-mail/viewer/page/view-state.ts';
import { visible, visibleLine } from '../../emulators/graph-mail/viewer/page/visible.ts';

const NOTHING = readView('');

describe('the address', () => {
  test('says all that the page shows, and nothing else', () => {
    const text = fc.string({ unit: 'grapheme' });
    const views = fc.record({
      page: fc.constantFrom(...pages),
      q: text,
      mailbox: text,
      folder: text,
      mail: text,
      form: fc.constantFrom('' as const, ...forms),
      mark: text,
      messageId: text,
    });
    const rule = fc.property(views, (view) => {
      expect(readView(addressOf(view).slice('/mailbox'.length))).toEqual(view);
    });
    fc.assert(rule, { seed: 4711 });
    expect(addressOf(NOTHING)).toBe('/mailbox');
  });

  test('with an unknown page or form is read as the usual one', () => {
    expect(readView('?page=x&view=y&q=z')).toEqual({ ...NOTHING, q: 'z' });
  });

  test('of a deep link searches for a mark or a Message-ID, with or without angle brackets', () => {
    expect(searchOf(readView('?mark=01hx&q=alice'))).toBe('alice mark:"01hx"');
    expect(searchOf(readView('?message-id=%3Ca%40b%3E'))).toBe('message-id:"a@b"');
    expect(searchOf(viewOfMessageId('a@b'))).toBe('message-id:"a@b"');
    expect(searchOf({ ...NOTHING, mark: 'a" from:"b' })).toBe('mark:"a from:b"');
  });

  test('of the list behind a mail keeps what the deep link searched for, as a search', () => {
    const view = readView('?mark=01hx&mail=a%2F1&view=text');
    expect(closed(view)).toEqual({ ...NOTHING, q: 'mark:"01hx"' });
  });
});

test("a deep link opens the sender's own copy first", () => {
  const folders = (...names: string[]) => names.map((folder) => ({ folder }));
  expect(bestCopy(folders('Inbox', 'Drafts', 'Sent Items'))?.folder).toBe('Sent Items');
  expect(bestCopy(folders('Inbox', 'Outbox'))?.folder).toBe('Outbox');
  expect(bestCopy(folders('Projects', 'Inbox'))?.folder).toBe('Projects');
  expect(bestCopy([])).toBeUndefined();
});

describe('text of strangers', () => {
  test.each([
    ['\u202egnp.exe', '[U+202E]gnp.exe'],
    ['a\0b\x1b[31m', 'a[U+0000]b[U+001B][31m'],
    ['\u2066x\u2069\u200f\u200b', '[U+2066]x[U+2069][U+200F][U+200B]'],
    ['\u05e9\u05dc, 你好, Grüße', '\u05e9\u05dc, 你好, Grüße'],
    ['line\nline\ttab', 'line\nline\ttab'],
  ])('%j is shown as %j', (text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  test('fits on one line and ends', () => {
    expect(visibleLine('  a\r\n b  ')).toBe('a b');
    expect(visibleLine('x'.repeat(1000), 10)).toBe('xxxxxxxxxx …');
  });
});

describe('a key', () => {
  const press = (key: string, more = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, ...more });

  test.each([
    ['j', 'next'],
    ['k', 'previous'],
    ['/', 'search'],
    ['?', 'help'],
    ['Escape', 'back'],
    ['x', undefined],
    ['constructor', undefined],
  ])('%s means %s', (key, action) => {
    expect(actionOf(press(key), false, true)).toBe(action);
  });

  test('does nothing with a modifier, while somebody types, or if single keys are off; Esc always acts', () => {
    expect(actionOf(press('j', { ctrlKey: true }), false, true)).toBeUndefined();
    expect(actionOf(press('j'), true, true)).toBeUndefined();
    expect(actionOf(press('j'), false, false)).toBeUndefined();
    expect(actionOf(press('Escape'), true, false)).toBe('back');
  });
});
