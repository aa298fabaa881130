// Who acted and why, as the timeline says it.
import { expect, test } from 'vitest';
import { actorOf, byWhom, isReason } from '../../../shared/domain/act/by-whom.ts';

test('names the application, the person it acts for, and the reason', () => {
  expect(byWhom({ application: 'console' })).toBe('by application console');
  expect(byWhom({ application: 'console', user: 'ada' }, 'Wrong template')).toBe('by application console, user ada: Wrong template');
});

test('a reason is one line that reads as it is written', () => {
  for (const good of ['Wrong template', 'Grüße', 'x'.repeat(500)]) expect(isReason(good)).toBe(true);
  for (const bad of ['', '  ', 'a\nb', 'a\tb', 'a\u0000', 'a\u202eb', 'a\u2028b', '\ud800', 'x'.repeat(501)])
    expect(isReason(bad)).toBe(false);
});

test('the audit log names the application, the person if there is one, and the reason', () => {
  expect(actorOf({ application: 'a', user: 'u' }, 'mended')).toEqual({ application: 'a', user: 'u', reason: 'mended' });
  expect(actorOf({ application: 'a' })).toEqual({ application: 'a', user: undefined, reason: undefined });
});
