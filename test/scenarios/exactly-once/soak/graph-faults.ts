// The faults that Graph has during a soak: of all kinds, each with its own chance, the same for the same seed.

const KINDS = [
  ['429', { status: 429 }],
  ['429 with Retry-After', { status: 429, retryAfter: 1.128 }],
  ['500', { status: 500 }],
  ['502', { status: 502 }],
  ['503', { status: 503 }],
  ['503 with Retry-After', { status: 503, retryAfter: 1 }],
  ['504', { status: 504 }],
  ['401', { status: 401 }],
  ['reset', 'reset'],
  ['time-out', 'timeout'],
  ['cut-off', 'cutOff'],
  ['200', { status: 200 }],
  ['302', { status: 302 }],
  ['400 with HTML of a gateway', { status: 400, body: '<html></html>' }],
  ['404 with an empty body', { status: 404, body: '' }],
  ['409 of a conflict', { status: 409, code: 'ErrorIrresolvableConflict' }],
] as const;

/** A 429, or a token that was refused, says that nothing was processed; the others may hide a mail. */
const HONEST = ['429', '429 with Retry-After', '401'];
const SENDING = ['sendMail', 'createDraft', 'send'];
const READING = ['list', 'get', 'delta', 'delete'];
const SENDING_CHANCE = 0.025;
const READING_CHANCE = 0.008;

export function graphFaults(seed: number): Record<string, unknown>[] {
  let next = seed * 1_000;
  const faults: Record<string, unknown>[] = [];
  const add = (id: string, fault: Record<string, unknown>) => faults.push({ id, times: null, seed: next++, ...fault });
  for (const operation of SENDING) {
    for (const [kind, answer] of KINDS)
      for (const when of HONEST.includes(kind) ? ['before'] : ['before', 'after'])
        add(`${operation}: ${kind} ${when}`, { operation, when, answer, probability: SENDING_CHANCE });
    // The caller has given up when the mail is taken.
    add(`${operation}: taken late`, { operation, when: 'before', answer: 'normal', delay: 2_600, probability: SENDING_CHANCE });
    add(`${operation}: copy late`, { operation, when: 'after', answer: 'normal', probability: 0.1, effects: { lateSentItems: 1_500 } });
    add(`${operation}: copy hidden`, { operation, when: 'after', answer: 'normal', probability: 0.1, effects: { hiddenFor: 1_200 } });
  }
  const unsent = { answer: { status: 500 }, effects: { leftUnsent: true }, probability: SENDING_CHANCE };
  for (const operation of ['sendMail', 'send']) add(`${operation}: left unsent`, { operation, when: 'after', ...unsent });
  for (const operation of READING)
    for (const [kind, answer] of KINDS)
      if (kind !== '200') add(`${operation}: ${kind}`, { operation, when: 'before', answer, probability: READING_CHANCE });
  add('token: 500', { operation: 'token', when: 'before', answer: { status: 500 }, probability: 0.2 });
  return faults;
}
