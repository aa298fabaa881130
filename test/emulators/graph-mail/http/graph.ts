// The course of one request to Graph: route, gates, token, body, faults, operation, answer.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { act } from '../faults/act.ts';
import type { Effects } from '../faults/effects.ts';
import type { ArmedFault } from '../faults/registry.ts';
import type { EmulatorState } from '../state.ts';
import { type Answer, errorAnswer, render, write } from './answer.ts';
import { errors, GraphError } from './errors.ts';
import { type GraphRequest, readBody, readRequest } from './request.ts';

export interface Work {
  /** Name for faults and statistics. */
  readonly name: string;
  readonly mailbox: string | null;
  readonly bodyLimit: number;
  /** Refusals that come before anything is applied: token, gates. */
  readonly admit: (request: GraphRequest) => Promise<void> | void;
  readonly perform: (request: GraphRequest, effects: Effects) => Promise<Answer> | Answer;
  readonly done?: () => void;
}

const wait = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds).unref());

function toAnswer(error: unknown, request: GraphRequest): Answer {
  if (error instanceof GraphError) return errorAnswer(error, request);
  process.stderr.write(`graph-mail: ${error instanceof Error ? error.stack : String(error)}\n`);
  return errorAnswer(errors.internal(), request);
}

async function attempt(request: GraphRequest, perform: () => Promise<Answer> | Answer): Promise<Answer> {
  try {
    return await perform();
  } catch (error) {
    return toAnswer(error, request);
  }
}

function tooLarge(state: EmulatorState, request: GraphRequest): Answer {
  if (state.switches.tooLargeBody === 'json') return errorAnswer(errors.requestTooLarge(), request);
  return {
    status: 413,
    headers: { 'Content-Type': 'text/html' },
    text: '<html><head><title>413 Request Entity Too Large</title></head><body><h1>413 Request Entity Too Large</h1></body></html>',
  };
}

/** Runs a piece of work with everything around it; never throws for what a client did. */
export async function run(state: EmulatorState, message: IncomingMessage, response: ServerResponse, work: Work): Promise<void> {
  const head = readRequest(message, Buffer.alloc(0), state.clock.now(), new URL(state.url).host);
  state.stats.count(work.name, work.mailbox);
  const met = state.faults.meet(work.name, work.mailbox);
  const fault = met.find((one) => one.fault.answer !== 'normal' || one.fault.delay > 0);
  const effects: Effects = Object.assign({}, ...met.map((one) => one.fault.effects));
  try {
    const refusal = await attemptRefusal(head, work);
    if (fault?.fault.early) return await act(fault.fault.answer, { status: 503 }, head, response);
    const body = await readBody(message, work.bodyLimit);
    const request = body === 'tooLarge' ? head : { ...head, body };
    if (fault?.fault.when === 'before' && fault.fault.answer !== 'normal') {
      await wait(fault.fault.delay);
      state.stats.answered(work.name, typeof fault.fault.answer === 'object' ? fault.fault.answer.status : 'none');
      return await act(fault.fault.answer, { status: 202 }, request, response);
    }
    if (fault?.fault.when === 'before') await wait(fault.fault.delay);
    const answer =
      refusal ?? (body === 'tooLarge' ? tooLarge(state, request) : await attempt(request, () => work.perform(request, effects)));
    state.stats.answered(work.name, answer.status);
    await finish(state, met, fault, answer, request, response);
  } catch (error) {
    // The client went away while it was still sending.
    if (!response.destroyed && (error as { code?: string }).code !== 'ECONNRESET') throw error;
  } finally {
    work.done?.();
  }
}

async function attemptRefusal(request: GraphRequest, work: Work): Promise<Answer | undefined> {
  try {
    await work.admit(request);
    return undefined;
  } catch (error) {
    return toAnswer(error, request);
  }
}

async function finish(
  state: EmulatorState,
  met: readonly ArmedFault[],
  fault: ArmedFault | undefined,
  answer: Answer,
  request: GraphRequest,
  response: ServerResponse,
): Promise<void> {
  // Nothing was taken: what was to happen afterwards has not.
  if (answer.status >= 400) {
    for (const one of met) state.faults.takeBack(one);
    return write(render(answer, request), response);
  }
  if (fault === undefined) return write(render(answer, request), response);
  if (fault.fault.when === 'after') await wait(fault.fault.delay);
  await act(fault.fault.answer, answer, request, response);
}
