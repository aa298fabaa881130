// What a fault is: which requests it meets, and what happens to them.
import { errors } from '../http/errors.ts';
import { isObject, type Json } from '../validation/check.ts';
import type { Effects } from './effects.ts';
import { namedAnswers } from './named-answers.ts';

export interface FaultAnswer {
  readonly status: number;
  readonly code?: string;
  readonly message?: string;
  readonly retryAfter?: number | string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

/** reset: the connection is reset. timeout: nothing until the client gives up. cutOff: the answer breaks off. */
export type FaultAction = FaultAnswer | 'reset' | 'timeout' | 'cutOff' | 'normal';

export interface Fault {
  readonly id: string;
  readonly operation: string;
  readonly mailbox?: string;
  readonly when: 'before' | 'after';
  readonly answer: FaultAction;
  /** Milliseconds before the answer. */
  readonly delay: number;
  /** How often; null: always. */
  readonly times: number | null;
  readonly skip: number;
  readonly probability: number;
  readonly seed: number;
  readonly effects: Effects;
  /** Acts as soon as the header of the request is there, before its body is read. */
  readonly early: boolean;
}

const known = ['id', 'operation', 'mailbox', 'when', 'answer', 'delay', 'times', 'skip', 'probability', 'seed', 'effects', 'early'];
const actions = ['reset', 'timeout', 'cutOff', 'normal'];
const effectNames = [
  'lateSentItems',
  'hiddenFor',
  'rewriteMessageIds',
  'dropHeaders',
  'dropExtendedProperties',
  'copyStaysIn',
  'copyMovedTo',
  'neverPickedUp',
  'copyRemoved',
  'leftUnsent',
  'messageFlags',
];

function refuse(message: string): never {
  throw errors.invalidArgument(message);
}

/** Reads a fault as the control API takes it; a misspelt one must not pass silently. */
export function readFault(value: unknown, index: number): Fault {
  if (!isObject(value)) refuse('A fault is an object.');
  const json: Json = value;
  for (const key of Object.keys(json)) if (!known.includes(key)) refuse(`A fault has no '${key}'; it has ${known.join(', ')}.`);
  const effects = (json['effects'] ?? {}) as Json;
  for (const key of Object.keys(effects))
    if (!effectNames.includes(key)) refuse(`No effect '${key}'; there are ${effectNames.join(', ')}.`);
  const given = json['answer'] ?? 'normal';
  const answer = (typeof given === 'string' && namedAnswers[given]) || given;
  const isAnswer = isObject(answer) ? Number.isInteger(answer['status']) : actions.includes(String(answer));
  if (!isAnswer) refuse(`A fault's answer is {status, …} or one of ${[...actions, ...Object.keys(namedAnswers)].join(', ')}.`);
  const when = json['when'] ?? (answer === 'normal' ? 'after' : 'before');
  if (when !== 'before' && when !== 'after') refuse("A fault's when is before or after.");
  if (typeof json['operation'] !== 'string') refuse("A fault's operation is missing; use any for all.");
  return {
    id: typeof json['id'] === 'string' ? json['id'] : `fault-${index + 1}`,
    operation: json['operation'],
    ...(typeof json['mailbox'] === 'string' ? { mailbox: json['mailbox'].toLowerCase() } : {}),
    when,
    answer: answer as FaultAction,
    delay: Number(json['delay'] ?? 0),
    times: json['times'] === null ? null : Number(json['times'] ?? 1),
    skip: Number(json['skip'] ?? 0),
    probability: Number(json['probability'] ?? 1),
    seed: Number(json['seed'] ?? 1),
    effects: effects as Effects,
    early: json['early'] === true,
  };
}
