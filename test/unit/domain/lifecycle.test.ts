// Every cell of state x event, against a table written from the description of the life of a send request, not from the code's.

import { describe, expect, test } from 'vitest';
import {
  cellOf,
  EVENTS,
  type EventType,
  isTerminal,
  OPEN_STATES,
  RECIPIENT_EVENTS,
  STATES,
  type State,
  TERMINAL_STATES,
  transition,
} from '../../../shared/domain/log/lifecycle.ts';

/** `=` stays, `.` ignored, `!` impossible; `a/b`: b once every recipient has failed. */
const EXPECTED = `
from                        queued       deferred     submitting   inDoubt      accepted           sent     closed   failed  rejected expired cancelled deadLettered unaccounted  created
enqueued                    =            .            .            .            .                  .        .        .       .        .       .         .            .            .
notAccepted                 cancelled    .            .            .            .                  .        .        .       .        .       .         .            .            .
submissionHeld              =            =            .            .            .                  .        .        .       .        .       .         .            .            .
submissionStarted           submitting   submitting   !            !            !                  !        !        !       !        !       !         !            !            !
draftPrepared               .            .            =            =            .                  .        .        .       .        .       .         .            .            .
submissionAccepted          accepted     accepted     accepted     accepted     .                  .        .        .       .        .       .         .            accepted     .
draftCreated                created      created      created      created      .                  .        .        .       .        .       .         .            .            .
submissionThrottled         .            .            deferred     .            .                  .        .        .       .        .       .         .            .            .
submissionFailedTransiently .            .            deferred     .            .                  .        .        .       .        .       .         .            .            .
submissionRefused           .            rejected     rejected     .            .                  .        .        .       .        .       .         .            .            .
outcomeUnknown              inDoubt      inDoubt      inDoubt      =            .                  .        .        .       .        .       .         .            .            .
foundInMailbox              accepted     accepted     accepted     accepted     .                  .        .        .       .        .       .         .            accepted     .
foundInSentItems            sent         sent         sent         sent         sent               =        =        =       .        .       .         .            sent         .
notFoundAfterGrace          .            .            .            deferred     .                  .        .        .       .        .       .         .            .            .
reportReceived              accepted     accepted     accepted     accepted     =                  =        =        =       .        .       .         .            closed       .
recipientFailed             =            =            =            =            =/failed           =/failed =/failed =       =        =       =         =            closed/failed .
recipientDelayed            =            =            =            =            =                  =        =        closed/= =      =       =         =            =            .
recipientDelivered          =            =            =            =            =                  =        =        closed/= =      =       =         =            =            .
recipientRelayed            =            =            =            =            =                  =        =        closed/= =      =       =         =            =            .
recipientExpanded           =            =            =            =            =                  =        =        closed/= =      =       =         =            =            .
recipientRead               =            =            =            =            =                  =        =        closed/= =      =       =         =            =            .
recipientNotRead            =            =            =            =            =                  =        =        closed/= =      =       =         =            =            .
recipientQuarantined        =            =            =            =            =                  =        =        closed/= =      =       =         =            =            .
recipientFilteredAsSpam     =            =            =            =            =                  =        =        closed/= =      =       =         =            =            .
copyRemoved                 .            .            .            .            .                  =        =        =       .        .       .         .            .            .
copyKept                    .            .            .            .            .                  =        =        =       .        .       .         .            .            .
repeatAnswered              =            =            =            =            =                  =        =        =       =        =       =         =            =            =
reportWindowClosed          .            .            .            .            unaccounted/failed closed   .        .       .        .       .         .            .            .
reportWindowUnread          .            .            .            .            closed/failed      closed   .        .       .        .       .         .            .            .
lifetimeExpired             expired      expired      .            unaccounted  .                  .        .        .       .        .       .         .            .            .
cancelled                   cancelled    cancelled    .            .            .                  .        .        .       .        .       .         .            .            .
deadLettered                deadLettered deadLettered unaccounted  unaccounted  .                  .        .        .       .        .       .         .            .            .
resent                      .            .            .            .            =                  =        =        =       =        =       .         =            =            .
`;

const [header = [], ...rows] = EXPECTED.trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/));
const states = header.slice(1) as State[];

const cells = rows.flatMap(([event, ...words]) =>
  states.map((from, column) => {
    const [plain = '', allFailed = plain] = (words[column] ?? '').split('/');
    return { event: event as EventType, from, plain, allFailed };
  }),
);

function wordFor(from: State, event: EventType, everyRecipientFailed: boolean): string {
  const next = transition(from, event, { everyRecipientFailed });
  if (next.kind !== 'applied') return next.kind === 'ignored' ? '.' : '!';
  return next.state === from ? '=' : next.state;
}

test('the table has every state and every event, each once', () => {
  expect([...states].sort()).toEqual([...STATES].sort());
  expect(rows.map(([event]) => event).sort()).toEqual([...EVENTS].sort());
  expect(rows.every((row) => row.length === header.length)).toBe(true);
});

test.each(cells)('$event in $from: $plain', ({ event, from, plain }) => {
  expect(wordFor(from, event, false)).toBe(plain);
});

test.each(cells)('$event in $from with every recipient failed: $allFailed', ({ event, from, allFailed }) => {
  expect(wordFor(from, event, true)).toBe(allFailed);
});

describe('what the table promises', () => {
  const leads = (from: State): State[] =>
    EVENTS.flatMap((event) =>
      [{}, { everyRecipientFailed: true }, { proven: true }, { mayHaveGone: true }].map((at) => transition(from, event, at)),
    ).flatMap((next) => (next.kind === 'applied' && next.state !== from ? [next.state] : []));

  test('every state is open or terminal, and none is both', () => {
    expect(STATES.length).toBe(new Set(STATES).size);
    expect(STATES.filter(isTerminal)).toEqual([...TERMINAL_STATES]);
    expect(STATES.filter((state) => !isTerminal(state))).toEqual([...OPEN_STATES]);
  });

  test('silence is left for a late report, answer or copy, and a failure for a report that contradicts it; nothing else is left again', () => {
    expect(TERMINAL_STATES.filter((state) => leads(state).length > 0)).toEqual(['closed', 'failed', 'unaccounted']);
    expect(new Set(leads('closed'))).toEqual(new Set(['failed']));
    expect(new Set(leads('failed'))).toEqual(new Set(['closed']));
    expect(new Set(leads('unaccounted'))).toEqual(new Set(['accepted', 'sent', 'closed', 'failed']));
  });

  test('a request in doubt never becomes expired, rejected, cancelled or deadLettered: the mail may be out', () => {
    const deniesTheMail: State[] = ['expired', 'rejected', 'cancelled', 'deadLettered'];
    expect(leads('inDoubt').filter((state) => deniesTheMail.includes(state))).toEqual([]);
  });

  test('a mail that may have gone never ends as one that was not sent: from every state that it can be in, it is unaccounted instead', () => {
    const deniesTheMail: State[] = ['expired', 'rejected', 'cancelled', 'deadLettered'];
    for (const from of ['deferred', 'submitting', 'inDoubt'] as const) {
      for (const event of EVENTS) {
        const plain = transition(from, event);
        const next = transition(from, event, { mayHaveGone: true });
        const denies = plain.kind === 'applied' && deniesTheMail.includes(plain.state);
        expect(next, `${event} in ${from}`).toEqual(denies ? { kind: 'applied', state: 'unaccounted' } : plain);
      }
    }
  });

  test('from submitting on it is too late to cancel or to expire', () => {
    for (const from of ['submitting', 'accepted', 'sent'] as const) {
      expect(transition(from, 'cancelled')).toEqual({ kind: 'ignored' });
      expect(transition(from, 'lifetimeExpired')).toEqual({ kind: 'ignored' });
    }
  });

  test('only a claim makes a request submitting', () => {
    const claims = EVENTS.filter((event) => STATES.some((from) => cellOf(from, event).to === 'submitting'));
    expect(claims).toEqual(['submissionStarted']);
  });

  test('a mail that Exchange itself has shown to be submitted is closed at the end of the window, whether or not its copy was seen', () => {
    expect(transition('accepted', 'reportWindowClosed', { proven: true })).toEqual({ kind: 'applied', state: 'closed' });
    expect(transition('accepted', 'reportWindowClosed', { proven: true, everyRecipientFailed: true })).toMatchObject({ state: 'failed' });
    expect(transition('sent', 'reportWindowClosed', { proven: true })).toEqual({ kind: 'applied', state: 'closed' });
  });

  test('from every open state a terminal one can be reached', () => {
    for (const start of OPEN_STATES) {
      const reached = new Set<State>([start]);
      for (const from of reached) for (const to of leads(from)) reached.add(to);
      expect([...reached].some(isTerminal), start).toBe(true);
    }
  });

  test('what is said of one recipient never opens or ends a request that was not submitted', () => {
    for (const event of RECIPIENT_EVENTS) {
      for (const from of ['queued', 'deferred', 'rejected', 'expired', 'cancelled', 'deadLettered'] as const) {
        expect(transition(from, event, { everyRecipientFailed: true })).toEqual({ kind: 'applied', state: from });
      }
    }
  });
});
