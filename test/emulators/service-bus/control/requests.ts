// Reads and checks the bodies of control requests.
import { type Fault, type FaultAction, type FaultPoint, faultActions, faultPoints } from '../faults.ts';

export class BadRequest extends Error {}

type Body = Record<string, unknown>;

export function parseBody(text: string): Body {
  if (text.trim() === '') return {};
  try {
    const body: unknown = JSON.parse(text);
    if (body && typeof body === 'object' && !Array.isArray(body)) return body as Body;
  } catch {
    // Answered below.
  }
  throw new BadRequest('the body must be a JSON object');
}

export function faultFrom(body: Body): Fault {
  return {
    point: oneOf(body, 'point', faultPoints) as FaultPoint,
    action: oneOf(body, 'action', faultActions) as FaultAction,
    count: count(body, 'count', 1),
    skip: count(body, 'skip', 0),
    condition: text(body, 'condition'),
    description: text(body, 'description'),
    entity: text(body, 'entity'),
  };
}

/** "Cut the connection at the nth ...": undefined if all are to be cut now. */
export function dropFrom(body: Body): Fault | undefined {
  if (body['at'] === undefined) return undefined;
  return {
    point: oneOf(body, 'at', ['send', 'delivery', 'disposition', 'management']) as FaultPoint,
    action: oneOf({ when: 'after', ...body }, 'when', ['before', 'after']) === 'before' ? 'dropBefore' : 'dropAfter',
    skip: count(body, 'nth', 1) - 1,
    entity: text(body, 'entity'),
  };
}

export function flag(body: Body, name: string): boolean {
  const value = body[name];
  if (typeof value === 'boolean') return value;
  throw new BadRequest(`${name} must be true or false`);
}

export function count(body: Body, name: string, fallback?: number): number {
  const value = body[name] ?? fallback;
  if (Number.isInteger(value) && (value as number) >= 0) return value as number;
  throw new BadRequest(`${name} must be a whole number`);
}

export function text(body: Body, name: string): string | undefined {
  const value = body[name];
  if (value === undefined || typeof value === 'string') return value;
  throw new BadRequest(`${name} must be text`);
}

function oneOf(body: Body, name: string, values: readonly string[]): string {
  const value = body[name];
  if (typeof value === 'string' && values.includes(value)) return value;
  throw new BadRequest(`${name} must be one of ${values.join(', ')}`);
}
