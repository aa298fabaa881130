// The pause of a blocked account: what closes it, which mail probes, and what shows that it may be lifted.
import { describe, expect, test } from 'vitest';
import {
  type AccountPause,
  closedBy,
  isWindowOver,
  liftedAfter,
  mayProbe,
  nextProbe,
  PROBE_AFTER_MS,
  PROBE_MS,
  pauseNow,
  probedBy,
  QUIET_MS,
  quietUntil,
} from '../../../shared/domain/act/account-pause.ts';
import type { SendRequestRecord } from '../../../shared/domain/log/send-request.ts';

const START = Date.parse('2026-01-15T09:00:00.000Z');
const at = (minutes: number): string => new Date(START + minutes * 60_000).toISOString();
const report = (since: number, until = since + 60) => ({ since: at(since), until: at(until), reason: '5.1.8: blocked' });
const PAUSE: AccountPause = { ...report(0), closings: 1, probeDateTime: at(10) };
const PROBED: AccountPause = { ...PAUSE, probe: { sendRequestId: 'probe', startedDateTime: at(12.5 / 60 + 12) } };

describe('a report', () => {
  test('pauses a mailbox, and the first probe is due some minutes later', () => {
    expect(closedBy({}, report(0), at(1))).toEqual(PAUSE);
    expect(PROBE_AFTER_MS).toBe(600_000);
  });

  test('of a short pause is probed before its end', () => {
    expect(closedBy({}, report(0, 4), at(1))?.probeDateTime).toBe(at(2));
    expect(closedBy({}, report(0, -4), at(-5))?.probeDateTime).toBe(at(0));
  });

  test('after the end of a pause begins a new one', () => {
    expect(closedBy({ pause: { ...PROBED, closings: 5 } }, report(61), at(61))).toMatchObject({ closings: 1, probeDateTime: at(71) });
  });

  test('makes a pause longer, but not by less than a minute, and leaves the time of the probe', () => {
    expect(closedBy({ pause: PAUSE }, report(5), at(6))).toEqual({ ...PAUSE, ...report(5) });
    expect(closedBy({ pause: PAUSE }, report(0.9), at(6))).toBeUndefined();
    expect(closedBy({ pause: PROBED }, report(5), at(13))).toEqual({ ...PROBED, ...report(5) });
  });

  test.each([
    ['that came in after the probe', { ...report(14), sendRequestId: 'other' }],
    ['in the same second as the probe, which Graph gives without its fraction', { ...report(12), since: '2026-01-15T09:12:12Z' }],
    ['on the probe itself, though its clock is behind', { ...report(5), sendRequestId: 'probe' }],
  ])('%s closes the pause again, and the next probe is due later', (_, said) => {
    const closed = closedBy({ pause: PROBED }, said, at(15));
    expect(closed).toMatchObject({ until: said.until, closings: 2, since: said.since });
    expect(closed?.probe).toBeUndefined();
    expect(Date.parse(closed?.probeDateTime ?? '') - Date.parse(said.since)).toBe(20 * 60_000);
  });

  test('never makes a pause shorter', () => {
    expect(closedBy({ pause: { ...PROBED, until: at(90) } }, report(14), at(15))?.until).toBe(at(90));
  });

  test('after many probes is probed twice within its pause at least', () => {
    const closed = closedBy({ pause: { ...PROBED, closings: 40 } }, report(14), at(15));
    expect(closed).toMatchObject({ closings: 41, probeDateTime: at(44) });
  });

  test('from before the pause was lifted changes nothing', () => {
    expect(closedBy({ liftedDateTime: at(2) }, report(2), at(3))).toBeUndefined();
    expect(closedBy({ liftedDateTime: at(2) }, report(2.1), at(3))).toBeDefined();
  });
});

describe('the probe', () => {
  test('is one mail, from its time on', () => {
    expect(mayProbe(PAUSE, 'a', at(9.9))).toBe(false);
    expect(probedBy({ pause: PAUSE }, 'a', at(9.9))).toBeUndefined();
    const probed = probedBy({ pause: PAUSE }, 'a', at(10));
    expect(probed).toEqual({ ...PAUSE, probe: { sendRequestId: 'a', startedDateTime: at(10) } });
    expect(probedBy({ pause: probed }, 'b', at(11))).toBeUndefined();
    expect(probedBy({ pause: probed }, 'a', at(11))).toBe(probed);
  });

  test('is another mail if the first was not settled in time', () => {
    expect(PROBE_MS).toBeGreaterThan(QUIET_MS);
    expect(nextProbe(PAUSE)).toBe(at(10));
    expect(nextProbe({ ...PAUSE, probe: { sendRequestId: 'a', startedDateTime: at(10) } })).toBe(at(30));
    expect(probedBy({ pause: PROBED }, 'b', at(33))?.probe?.sendRequestId).toBe('b');
    expect(probedBy({ pause: PROBED }, 'probe', at(33))?.probe?.startedDateTime).toBe(at(33));
  });

  test('late in a pause makes it last until the probe is settled', () => {
    expect(probedBy({ pause: PAUSE }, 'a', at(55))?.until).toBe(at(75));
  });

  test('is nobody if nothing is paused', () => {
    expect(probedBy({}, 'a', at(10))).toBeUndefined();
    expect(probedBy({ pause: PAUSE }, 'a', at(60))).toBeUndefined();
    expect(pauseNow({ pause: PAUSE }, at(59))).toBe(PAUSE);
  });
});

describe('lifting', () => {
  const record = (more: Partial<SendRequestRecord>) => ({ id: 'probe', ...more }) as SendRequestRecord;
  const claim = (startedDateTime: string) => ({ nonce: '', startedDateTime, callsUntil: '', route: 'direct' as const });

  test('needs that the probe was accepted, and reports read for a while after', () => {
    expect(quietUntil(PROBED, record({ claim: claim(at(13)), acceptedDateTime: at(14) }))).toBe(at(24));
  });

  test.each([
    ['nothing probes', PAUSE, record({ claim: claim(at(13)), acceptedDateTime: at(14) })],
    ['it is another mail', PROBED, record({ id: 'other', claim: claim(at(13)), acceptedDateTime: at(14) })],
    ['it is not accepted', PROBED, record({ claim: claim(at(13)) })],
    ['it was never attempted', PROBED, record({ acceptedDateTime: at(14) })],
    ['it was attempted before the pause only', PROBED, record({ claim: claim(at(1)), acceptedDateTime: at(14) })],
  ])('is not due if %s', (_, pause, stored) => {
    expect(quietUntil(pause, stored)).toBeUndefined();
  });

  test('ends the pause of this probe only', () => {
    const probe = { sendRequestId: 'probe', startedDateTime: PROBED.probe?.startedDateTime ?? '' };
    expect(liftedAfter({ pause: PROBED }, probe, at(24))).toEqual({ liftedDateTime: at(24) });
    expect(liftedAfter({ pause: PAUSE }, probe, at(24))).toBeUndefined();
    expect(liftedAfter({ pause: PROBED }, { ...probe, startedDateTime: at(1) }, at(24))).toBeUndefined();
    expect(liftedAfter({}, probe, at(24))).toBeUndefined();
  });
});

describe("the tenant's pause", () => {
  const limit = (since: number, reach: 'all' | 'external' | 'externalFromDefaultDomain' = 'external', hours = 24) =>
    ({ ...report(since, since + hours * 60), reason: `limit of ${reach}`, reach }) as const;
  const HELD = closedBy({}, limit(0), at(0)) as AccountPause;

  test('names which mail is held, and is probed after ten minutes', () => {
    expect(HELD).toEqual({ ...limit(0), closings: 1, probeDateTime: at(10) });
  });

  test('does not end by itself: after the window one mail at a time probes', () => {
    expect(isWindowOver(HELD, at(24 * 60 - 1))).toBe(false);
    expect(isWindowOver(HELD, at(24 * 60))).toBe(true);
    expect(pauseNow({ pause: HELD }, at(48 * 60))).toBe(HELD);
    const probed = probedBy({ pause: HELD }, 'a', at(48 * 60), 'one@contoso.com');
    expect(probed?.probe).toEqual({ sendRequestId: 'a', startedDateTime: at(48 * 60), mailbox: 'one@contoso.com' });
    expect(probedBy({ pause: probed }, 'b', at(48 * 60 + 1))).toBeUndefined();
  });

  test('is probed at least every two hours, as the window slides', () => {
    const closed = closedBy({ pause: { ...HELD, closings: 9, probe: { sendRequestId: 'a', startedDateTime: at(60) } } }, limit(61), at(62));
    expect(closed).toMatchObject({ closings: 10, until: at(61 + 24 * 60), probeDateTime: at(61 + 120) });
  });

  test('begins anew with a report that comes after its window while nobody probes', () => {
    const late = limit(30 * 60);
    expect(closedBy({ pause: { ...HELD, closings: 7 } }, late, at(30 * 60))).toMatchObject({
      closings: 1,
      probeDateTime: at(30 * 60 + 10),
    });
    const probing = { ...HELD, closings: 7, probe: { sendRequestId: 'a', startedDateTime: at(29 * 60) } };
    expect(closedBy({ pause: probing }, late, at(30 * 60))).toMatchObject({ closings: 8 });
  });

  test('is widened at once by a report of a wider limit, though its end is earlier, and never narrowed', () => {
    const wide = closedBy({ pause: HELD }, limit(1, 'all', 1), at(2));
    expect(wide).toEqual({ ...HELD, reach: 'all', reason: 'limit of all', since: at(1) });
    const stays = closedBy({ pause: wide }, limit(5, 'externalFromDefaultDomain'), at(6));
    expect(stays).toMatchObject({ reach: 'all', reason: 'limit of all', until: at(5 + 24 * 60) });
    expect(closedBy({ pause: stays }, limit(5.5, 'external'), at(6))).toBeUndefined();
  });
});
