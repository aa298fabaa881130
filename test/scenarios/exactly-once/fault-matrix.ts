// The fault matrix: every answer of Graph, before and after the mail was taken, at each call, on the first and on a later attempt,
// with the copy visible at once, late, or only in Drafts; and how many mails each may come to.
import { expect } from 'vitest';
import type { ProxiedStack } from '../../support/proxied-stack.ts';
import { WHEN_TOLD } from '../../support/running-stack.ts';
import { SELDOM, until } from '../../support/until.ts';

const ANSWERS = {
  '200': { status: 200 },
  '200 with HTML of a gateway': 'htmlInsteadOfAnswer',
  '302': { status: 302 },
  '307 to another place': 'temporaryRedirect',
  '400': { status: 400 },
  '400 that blames the recipients': { status: 400, code: 'ErrorInvalidRecipients' },
  '400 with HTML of a gateway': { status: 400, body: '<html><head><title>400 Bad Request</title></head></html>' },
  '400 with an empty body': { status: 400, body: '' },
  '401': { status: 401 },
  '403': { status: 403 },
  '403 with HTML of a gateway': 'gatewayHtml403',
  '404': { status: 404 },
  '404 with HTML of a gateway': { status: 404, body: '<html><head><title>404 Not Found</title></head></html>' },
  '404 with an empty body': { status: 404, body: '' },
  '404 serviceNotAvailable': { status: 404, code: 'serviceNotAvailable' },
  '404 of the mailbox': { status: 404, code: 'ErrorNonExistentMailbox' },
  '408': { status: 408 },
  '409': { status: 409 },
  '412 of a conflict': { status: 412, code: 'ErrorIrresolvableConflict' },
  '413': { status: 413 },
  '421': 'misdirected',
  '429': { status: 429 },
  '429 with Retry-After': { status: 429, retryAfter: 0.6 },
  '500': { status: 500 },
  '502': { status: 502 },
  '503': { status: 503 },
  '503 with Retry-After': { status: 503, retryAfter: 0.6 },
  '504': { status: 504 },
  reset: 'reset',
  'time-out': 'timeout',
  'cut-off answer': 'cutOff',
} as const;
type Answer = keyof typeof ANSWERS;

/** Operations of the emulator: the one POST of the direct route, and the two calls of the draft route. */
export type Call = 'sendMail' | 'createDraft' | 'send';
type Copy = 'at once' | 'late' | 'in Drafts';

export interface MatrixCase {
  name: string;
  mailbox: string;
  answer: Answer;
  when: 'before' | 'after';
  call: Call;
  attempt: 'first' | 'later';
  copy: Copy;
}

/** Shorter than the grace by far: what shows up later than the grace is lost to every sender. */
const LATE_MS = 1_500;

const EFFECTS: Record<Copy, Record<string, unknown>> = {
  'at once': {},
  late: { hiddenFor: LATE_MS },
  'in Drafts': { copyStaysIn: 'drafts' },
};

/** Graph's own code blames the request, so nothing goes out, and the log says `rejected`. No other answer is final. */
const REFUSALS: readonly Answer[] = ['400 that blames the recipients'];

const isRefusal = ({ answer }: MatrixCase): boolean => REFUSALS.includes(answer);

/** The documented residue: a 429 says that the request was not processed. If it was, and its copy shows up only after the next look, the mail is sent again. */
const isResidue = ({ answer, when, call, copy }: MatrixCase): boolean =>
  answer.startsWith('429') && when === 'after' && call === 'sendMail' && copy === 'late';

interface Expected {
  status: readonly string[];
  mails: readonly number[];
}

function expectedOf(one: MatrixCase): Expected {
  if (isRefusal(one)) return { status: ['rejected'], mails: [0] };
  if (isResidue(one)) return { status: ['sent'], mails: [1, 2] };
  return { status: one.copy === 'in Drafts' ? ['accepted'] : ['sent'], mails: [1] };
}

/** All cases of these calls. Before the mail was taken there is no copy whose visibility could matter. */
export function casesOf(calls: readonly Call[]): MatrixCase[] {
  const cases: MatrixCase[] = [];
  // A refusal of a mail that was taken would contradict Graph's contract.
  for (const answer of Object.keys(ANSWERS) as Answer[])
    for (const when of REFUSALS.includes(answer) ? (['before'] as const) : (['before', 'after'] as const))
      for (const call of calls)
        for (const attempt of ['first', 'later'] as const)
          for (const copy of when === 'before' ? (['at once'] as const) : (['at once', 'late', 'in Drafts'] as const)) {
            const name = `${answer} ${when} ${call}, ${attempt} attempt, copy ${copy}`;
            cases.push({ name, mailbox: `case-${cases.length}-${call.toLowerCase()}@contoso.com`, answer, when, call, attempt, copy });
          }
  return cases;
}

/** A later attempt is made by a refusal that leaves no doubt. */
function faultsOf({ name, mailbox, answer, when, call, attempt, copy }: MatrixCase): Record<string, unknown>[] {
  const submits = call === 'sendMail' ? 'sendMail' : 'send';
  return [
    ...(attempt === 'later' ? [{ id: `${name}: earlier`, mailbox, operation: call, when: 'before', answer: { status: 429 } }] : []),
    { id: name, mailbox, operation: call, when, answer: ANSWERS[answer] },
    { id: `${name}: copy`, mailbox, operation: submits, when: 'after', answer: 'normal', times: null, effects: EFFECTS[copy] },
  ];
}

/** Every mailbox of the matrix is visited in each run. */
export const SETTINGS = { RECONCILE_SCHEDULE: WHEN_TOLD };

/** How many posts are on their way at a time. */
const POSTING = 8;

export async function play(stack: ProxiedStack, cases: readonly MatrixCase[]): Promise<void> {
  await stack.graph('PUT', 'faults', cases.flatMap(faultsOf));
  const rest = [...cases];
  const post = async () => {
    for (let one = rest.shift(); one; one = rest.shift()) {
      const { status } = await stack.send({ mailbox: one.mailbox, subject: one.name });
      if (status !== 202) throw new Error(`${one.name}: the HTTP API answered ${status}`);
    }
  };
  await Promise.all(Array.from({ length: POSTING }, post));
}

export interface Played {
  name: string;
  status: string | undefined;
  mails: number;
  fired: number;
}

/** The fault has been met, and the mail went out as often, and ended, as it must. */
export function judge(one: MatrixCase, result: Played | undefined): void {
  const { status, mails } = expectedOf(one);
  expect(result).toMatchObject({ fired: 1 });
  expect(mails).toContain(result?.mails);
  expect(status).toContain(result?.status);
}

/** What each case came to. */
export async function outcomes(stack: ProxiedStack, cases: readonly MatrixCase[]): Promise<Map<string, Played>> {
  await stack.ended(cases.length);
  const states = async () => {
    await stack.reconcile();
    return new Map((await stack.records()).map(({ mailbox, status }) => [mailbox, status]));
  };
  const isLast = (state: Map<string, string>) => cases.every((one) => expectedOf(one).status.includes(state.get(one.mailbox) ?? ''));
  // What never comes to its state is told by the case's own test.
  const state = await until('in the states that were expected', states, isLast, SELDOM).catch(states);
  const journal = await stack.journal();
  const fired = await stack.fired();
  return new Map(
    cases.map(({ name, mailbox }) => [
      name,
      { name, status: state.get(mailbox), mails: journal.get(mailbox)?.length ?? 0, fired: fired[name] ?? 0 },
    ]),
  );
}
