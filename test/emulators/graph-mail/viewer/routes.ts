// What is at the root: a page that says what this is; other paths are unknown.
import type { Answer } from '../http/answer.ts';
import { errors } from '../http/errors.ts';
import type { GraphRequest } from '../http/request.ts';
import type { EmulatorState } from '../state.ts';

export function viewerRequest(_state: EmulatorState, _controlled: boolean, request: GraphRequest): Answer {
  const [first] = request.segments;
  if (first === undefined) return { status: 200, headers: { 'Content-Type': 'text/plain' }, text: 'Graph mail emulator\n' };
  throw errors.unknownSegment(first);
}
