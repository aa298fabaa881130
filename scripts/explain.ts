// Prints which outcome rule applies to an answer of Graph, what follows, and why.
import { parseArgs } from 'node:util';
import { isDraftOnly, OPERATIONS, type Operation } from '../shared/domain/operations.ts';
import type { Answer, Call, OutcomeRule } from '../shared/domain/submit/outcome-rule.ts';
import { retryAfterMs } from '../shared/domain/submit/retry-after.ts';
import { ruleFor } from '../shared/domain/submit/rule-for.ts';
import { refuseCall } from './commands.ts';
import { FOLLOWS } from './explain-follows.ts';

const fail = (problem: string): never => refuseCall('explain', problem);

function parse() {
  try {
    return parseArgs({
      options: {
        status: { type: 'string' },
        code: { type: 'string' },
        'retry-after': { type: 'string' },
        operation: { type: 'string', default: 'sendMail' },
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
  if (!(OPERATIONS as readonly string[]).includes(operation)) fail(`--operation ${operation} is not one of the nine operations`);
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

const answer = answerOf();
const ruleIf = (forLong: boolean) =>
  ruleFor(answer, {
    call: callOf(values.operation),
    missingForLong: forLong,
    itemIsNew: !forLong,
    namesItem: !['sendMail', 'createDraft'].includes(values.operation),
    sendIssued: values['send-issued'],
  });

const show = (rule: OutcomeRule, heading: string): void =>
  console.log(`${heading}rule     ${rule.id}
outcome  ${rule.outcome}
follows  ${FOLLOWS[rule.outcome]}
also     ${rule.effects?.join(', ') ?? '-'}
reason   ${rule.reason}
source   ${rule.source}`);

const [first, later] = [ruleIf(false), ruleIf(true)];
if (first === later) show(first, '');
else {
  const howLong = first.itemIsNew ? 'IN_DOUBT_GRACE, if a send request made the message that the operation names' : 'MAILBOX_MISSING_AFTER';
  show(first, `until every answer for ${howLong} has been this one:\n`);
  show(later, '\nfrom then on:\n');
}
