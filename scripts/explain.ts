// Prints which outcome rule an answer of Graph meets, what follows, and why.
import { parseArgs } from 'node:util';
import { isDraftOnly, OPERATIONS, type Operation } from '../shared/domain/log/send-request.ts';
import type { Answer, Call } from '../shared/domain/submit/outcome-rules.ts';
import { retryAfterMs } from '../shared/domain/submit/retry-after.ts';
import { ruleFor } from '../shared/domain/submit/rule-for.ts';

const USAGE = `npm run explain -- --status 503 [--code ErrorServerBusy] [--retry-after 2.5] [--operation sendMail] [--age-minutes 20] [--send-issued]
npm run explain -- --no-answer   (the connection broke after the body had left)
npm run explain -- --not-sent    (no connection, or no token)
Operations: ${OPERATIONS.join(', ')}`;

const FOLLOWS: Record<string, string> = {
  submissionAccepted: 'accepted; its copy and reports are looked for, it is never submitted again',
  draftCreated: 'the draft exists: sent next, or the end of a draft-only operation',
  submissionThrottled: 'deferred, not before Retry-After; costs no attempt',
  submissionFailedTransiently: 'deferred, and submitted again by the retry schedule after a look',
  submissionRefused: 'rejected for good; code and text stay in the log',
  outcomeUnknown: 'in doubt: no second POST before the grace is over and a look has not found it',
};

function fail(problem: string): never {
  console.error(`${problem}\n${USAGE}`);
  process.exit(2);
}

function parse() {
  try {
    return parseArgs({
      options: {
        status: { type: 'string' },
        code: { type: 'string' },
        'retry-after': { type: 'string' },
        operation: { type: 'string', default: 'sendMail' },
        'age-minutes': { type: 'string', default: '60' },
        'send-issued': { type: 'boolean', default: false },
        'no-answer': { type: 'boolean', default: false },
        'not-sent': { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    return fail((error as Error).message);
  }
}

const values = parse();

function callOf(operation: string): Call {
  if (!(OPERATIONS as readonly string[]).includes(operation)) fail(`--operation ${operation} is not one of ours`);
  if (operation === 'send') return 'send';
  return isDraftOnly(operation as Operation) ? 'createDraft' : 'submit';
}

function answerOf(): Answer {
  if (values['no-answer']) return { kind: 'noAnswer', reason: 'no answer' };
  if (values['not-sent']) return { kind: 'notSent', reason: 'not sent' };
  if (!/^\d{3}$/.test(values.status ?? '')) return fail('--status takes the three digits of an HTTP status');
  const wait = retryAfterMs(values['retry-after'], Date.now());
  if (values['retry-after'] !== undefined && wait === undefined) fail('--retry-after takes seconds or an HTTP date');
  return {
    kind: 'answered',
    status: Number(values.status),
    ...(values.code !== undefined && { code: values.code }),
    ...(wait !== undefined && { retryAfterMs: wait }),
  };
}

const rule = ruleFor(answerOf(), {
  call: callOf(values.operation),
  ageMs: Number(values['age-minutes']) * 60_000,
  sendIssued: values['send-issued'],
});
console.log(`rule     ${rule.id}
outcome  ${rule.outcome}
follows  ${FOLLOWS[rule.outcome]}
also     ${rule.effects?.join(', ') ?? '-'}
reason   ${rule.reason}
source   ${rule.source}`);
