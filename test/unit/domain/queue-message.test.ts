// When a queue message is to be seen.
import { expect, test } from 'vitest';
import { visibleFrom } from '../../../shared/domain/submit/queue-message.ts';

test('a long wait is made in steps of five days: no scheduled message waits longer', () => {
  const now = '2026-01-15T08:00:00.000Z';
  expect(visibleFrom('2026-01-20T07:59:59.999Z', now)).toBe('2026-01-20T07:59:59.999Z');
  expect(visibleFrom('2026-02-14T08:00:00.000Z', now)).toBe('2026-01-20T08:00:00.000Z');
});
