// When message trace is read, how far back, and what it says.

import { describe, expect, test } from 'vitest';
import { isTraceDue, traceEvent, traceWindow } from '../../../shared/domain/reconcile/message-trace.ts';

const NOW = '2026-01-15T10:20:00.000Z';
const at = (time: string): string => `2026-01-15T${time}:00.000Z`;

describe('the trace of a mailbox is read', () => {
  test('at once where it never was', () => {
    expect(isTraceDue(undefined, NOW, 1)).toBe(true);
  });

  test('every five minutes, so that fifty mailboxes take half of what Graph allows', () => {
    for (const mailboxes of [0, 1, 50]) {
      expect(isTraceDue(at('10:15'), NOW, mailboxes)).toBe(true);
      expect(isTraceDue(at('10:16'), NOW, mailboxes)).toBe(false);
    }
  });

  test('the more seldom, the more mailboxes there are', () => {
    expect(isTraceDue(at('10:15'), NOW, 51)).toBe(false);
    expect(isTraceDue(at('10:10'), NOW, 51)).toBe(true);
    expect(isTraceDue(at('09:40'), NOW, 400)).toBe(true);
    expect(isTraceDue(at('09:41'), NOW, 400)).toBe(false);
  });
});

describe('the window', () => {
  const OLD = '2026-01-01T00:00:00.000Z';
  const since = (readUntil: string | undefined, now = NOW, oldest = OLD) => traceWindow(readUntil, now, oldest).since;

  test('reaches back half an hour before the last reading, since rows are late, and ends now', () => {
    expect(traceWindow(at('10:15'), NOW, OLD)).toEqual({ since: at('09:45'), until: NOW });
  });

  test('begins with the oldest open mail at first', () => {
    expect(since(undefined, NOW, at('08:00'))).toBe(at('07:30'));
  });

  test('is a day once an hour, since what a row says changes', () => {
    expect(since(at('10:55'), at('11:00'))).toBe('2026-01-14T11:00:00.000Z');
    expect(since(at('11:00'), at('11:05'))).toBe(at('10:30'));
  });

  test('is nine days twice a day', () => {
    expect(since(at('11:55'), at('12:00'))).toBe('2026-01-06T12:00:00.000Z');
  });

  test('is never longer than it need be: not before the oldest open mail', () => {
    expect(since(at('11:55'), at('12:00'), at('09:00'))).toBe(at('08:30'));
  });

  test('is nine days twice a day also where no mail is open: one may have ended unaccounted', () => {
    expect(traceWindow(at('11:55'), at('12:00'))).toEqual({ since: '2026-01-06T12:00:00.000Z', until: at('12:00') });
    expect(traceWindow(at('10:15'), NOW).since).toBe(at('09:45'));
  });

  test('is never longer than a query may span', () => {
    expect(since(OLD)).toBe('2026-01-06T10:20:00.000Z');
  });
});

test.each([
  ['delivered', 'recipientDelivered'],
  ['failed', 'recipientFailed'],
  ['expanded', 'recipientExpanded'],
  ['quarantined', 'recipientQuarantined'],
  ['filteredAsSpam', 'recipientFilteredAsSpam'],
  ['pending', undefined],
  ['gettingStatus', undefined],
  ['somethingNew', undefined],
])('%s is %s', (status, event) => {
  expect(traceEvent(status)).toBe(event);
});
