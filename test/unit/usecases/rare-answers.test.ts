// Answers that few people have seen, at each call of each route, on the first and on a later attempt: one mail, and nothing is final.
import { describe, expect, test } from 'vitest';
import { answered, Stage } from './stage.ts';

const ANSWERS: [status: number, code?: string][] = [
  ...[200, 204, 205, 206, 301, 303, 308].map((status): [number] => [status]),
  ...[403, 404, 405, 406, 407, 409, 410, 411, 412, 413, 415, 417, 421, 422, 423, 424, 425, 426, 428, 431, 451].map((status): [number] => [
    status,
  ]),
  ...[500, 501, 502, 503, 504, 505, 507, 508, 509, 511, 520, 524].map((status): [number] => [status]),
  [400, 'UnknownError'],
  [400, 'ErrorInvalidArgument'],
  [400, 'ErrorInvalidIdMalformed'],
  [403, 'UnknownError'],
  [404, 'ErrorItemNotFound'],
  [409, 'ErrorIrresolvableConflict'],
  [412, 'ErrorIrresolvableConflict'],
  [412, 'ErrorStaleObject'],
  [423, 'ErrorNobodyHasSeen'],
  [500, 'ErrorInvalidRecipients'],
];

const ROUTES = [
  { route: 'direct', call: 'submit', proven: ['json'] },
  { route: 'draft', call: 'createDraft', proven: [] },
  { route: 'draft', call: 'sendDraft', proven: [] },
] as const;

interface Case {
  call: (typeof ROUTES)[number]['call'];
  proven: readonly 'json'[];
  taken: boolean;
  later: boolean;
}

async function play({ call, proven, taken, later }: Case, status: number, code: string | undefined) {
  const stage = new Stage({ proven: [...proven] });
  if (later) stage.graph.answerNext(call, answered(429));
  stage.graph.answerNext(call, answered(status, code), taken);
  const id = await stage.post();
  await stage.deliverAll();
  return { status: (await stage.record(id)).status, mails: stage.graph.submissions.length };
}

describe.each(ROUTES)('on the $route route, in answer to $call', ({ call, proven }) => {
  test.each(ANSWERS)('%s %s: one mail, taken or not, on the first attempt and on a later one', async (status, code) => {
    for (const taken of [false, true]) {
      for (const later of [false, true]) {
        const { status: end, mails } = await play({ call, proven, taken, later }, status, code);
        expect(mails, `taken ${taken}, later ${later}`).toBe(1);
        expect(['accepted', 'sent'], `taken ${taken}, later ${later}`).toContain(end);
      }
    }
  });
});
