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
  ['200 with HTML of a gateway', 'htmlInsteadOfAnswer'],
  ['302', 'found'],
  ['307', 'temporaryRedirect'],
  ['400 with HTML of a gateway', 'gatewayHtml400'],
  ['400 with an unknown code', { status: 400, code: 'ErrorNobodyHasSeen' }],
  ['403 with HTML of a gateway', 'gatewayHtml403'],
  ['404 with an empty body', 'empty404'],
  ['409 of a conflict', { status: 409, code: 'ErrorIrresolvableConflict' }],
  ['421', 'misdirected'],
  ['423', { status: 423 }],
] as const;

/** A 429, or a token that was refused, says that nothing was processed; the others may hide a mail. */
const HONEST = ['429', '429 with Retry-After', '401'];
const SENDING = ['sendMail', 'createDraft', 'send'];
const READING = ['list', 'get', 'delta', 'delete'];
const SENDING_CHANCE = 0.018;
const READING_CHANCE = 0.006;

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
  for (const operation of ['sendMail', 'send']) {
    const unsent = { operation, when: 'after', probability: SENDING_CHANCE };
    add(`${operation}: left unsent`, { ...unsent, answer: { status: 500 }, effects: { leftUnsent: true } });
    add(`${operation}: left unsent by a gateway`, { ...unsent, answer: 'gatewayHtml502', effects: { leftUnsent: true } });
  }
  for (const operation of READING)
    for (const [kind, answer] of KINDS)
      if (kind !== '200') add(`${operation}: ${kind}`, { operation, when: 'before', answer, probability: READING_CHANCE });
  add('token: 500', { operation: 'token', when: 'before', answer: { status: 500 }, probability: 0.2 });
  return faults;
}
