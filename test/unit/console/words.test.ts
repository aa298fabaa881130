// What the console says: every state, event and outcome of the log has words, and what it does not know is shown as it is.
import { describe, expect, test } from 'vitest';
import { sendRequestOf } from '../../../shared/console/api/send-request.ts';
import { countsInWords } from '../../../shared/console/words/counts.ts';
import { wordsOfEvent } from '../../../shared/console/words/events.ts';
import { evidenceInWords, outcomeOf } from '../../../shared/console/words/recipients.ts';
import { wordsOfState } from '../../../shared/console/words/states.ts';
import { timelineOf } from '../../../shared/console/words/timeline.ts';
import { fromNow, local, localInput, span, utc, utcOf } from '../../../shared/console/words/times.ts';
import { EVENTS, STATES } from '../../../shared/domain/log/lifecycle.ts';
import { EVIDENCES } from '../../../shared/domain/log/send-request.ts';

const recipient = { address: 'a@example.com', type: 'to' };

describe('words', () => {
  test('are there for every state and every event', () => {
    for (const state of STATES) expect(wordsOfState(state).name).toMatch(/^[A-Z]/);
    for (const event of EVENTS) expect(wordsOfEvent(event).name).toMatch(/^[A-Z]/);
    for (const evidence of EVIDENCES)
      expect(evidenceInWords({ ...recipient, action: 'failed', evidence })).not.toBe(evidenceInWords({ ...recipient, action: 'failed' }));
  });

  test('do not invent what is not known', () => {
    expect(wordsOfState('toString')).toMatchObject({ name: 'toString', tone: 'quiet' });
    expect(wordsOfEvent('constructor')).toEqual({ name: 'constructor', tone: 'quiet' });
    expect(outcomeOf({ ...recipient, action: 'teleported' })).toEqual({ name: 'teleported', tone: 'quiet' });
    expect(outcomeOf(recipient).name).toBe('Nothing reported');
    expect(evidenceInWords(recipient)).toContain('failures only');
  });

  test('say what became of recipients', () => {
    expect(outcomeOf({ ...recipient, action: 'failed' })).toEqual({ name: 'Not delivered', tone: 'bad' });
    expect(outcomeOf({ ...recipient, action: 'delivered', disposition: 'displayed' })).toEqual({ name: 'Read', tone: 'good' });
    expect(countsInWords({ total: 3, failed: 1, delivered: 2 })).toBe('3: 1 failed, 2 delivered');
    expect(countsInWords({ total: 3, failed: 0 })).toBe('3');
    expect(countsInWords({})).toBe('–');
  });
});

describe('a time', () => {
  const now = Date.parse('2026-08-20T10:00:00Z');

  test('is local, with its day unless it is today', () => {
    expect(local('2026-08-20T08:30:05Z', now, 'Europe/Berlin')).toBe('10:30:05');
    expect(local('2026-08-19T23:30:00Z', now, 'Europe/Berlin')).toBe('01:30:00');
    expect(local('2026-08-18T08:30:05Z', now, 'Europe/Berlin')).toBe('2026-08-18 10:30:05');
    expect(utc('2026-08-18T08:30:05.123Z')).toBe('2026-08-18 08:30:05 UTC');
  });

  test('is so long ago, or so far ahead', () => {
    expect(fromNow('2026-08-20T07:00:00Z', now)).toBe('3 hours ago');
    expect(fromNow('2026-08-20T10:01:00Z', now)).toBe('in 1 minute');
    expect(fromNow('2026-08-20T10:00:00.500Z', now)).toBe('now');
    expect(span(172_800_000)).toBe('2 days');
    expect(span(0)).toBe('0 seconds');
  });

  test('goes into a field and comes back', () => {
    expect(utcOf(localInput('2026-08-20T10:00:05Z'))).toBe('2026-08-20T10:00:05Z');
    expect(localInput('no time')).toBe('');
    expect(utcOf('no time')).toBeUndefined();
  });
});

describe('a timeline', () => {
  const request = (more: object) =>
    sendRequestOf({ id: 'x', mailbox: 'a@contoso.com', events: [{ type: 'enqueued', dateTime: '2026-08-20T10:00:00Z' }], ...more });
  const names = (more: object) => timelineOf(request(more)).map(({ name, isNext }) => (isNext ? `next: ${name}` : name));

  test('ends with what comes next', () => {
    const times = {
      nextAttemptDateTime: '2026-08-20T11:00:00Z',
      sendBefore: '2026-08-22T10:00:00Z',
      reportWindowEnds: '2026-08-23T10:00:00Z',
    };
    const first = 'Accepted from the application, and put on the queue';
    expect(names({ ...times, status: 'deferred' })).toEqual([
      first,
      'next: Next attempt',
      'next: If it is not sent by then, it is given up',
    ]);
    expect(names({ ...times, status: 'inDoubt' })[1]).toContain('The mailbox is searched');
    expect(names({ ...times, status: 'sent' })).toEqual([first, 'next: Until then reports about it are read']);
    expect(names({ ...times, status: 'closed' })).toEqual([first]);
  });
});
