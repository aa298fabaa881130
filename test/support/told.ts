// What a running stack has told its operators: the lines of telemetry in the Functions host's log, with the function that they belong to.
import { readFileSync } from 'node:fs';
import { PATIENCE_MS, until } from './until.ts';

export interface Told {
  /** Empty where a line belongs to no invocation. */
  function: string;
  invocationId: string;
  event: string;
  [property: string]: unknown;
}

const LINE = /^\[functions\] \[(\S+?)(?: (\S+))?\] (?:information|error) (\{"event":.*)$/;

export class ToldLines {
  readonly lines: string[] = [];
  readonly log = (line: string): void => void this.lines.push(line);

  all(): Told[] {
    return this.lines.flatMap((line) => {
      const [, name = '', invocationId = '', json] = LINE.exec(line) ?? [];
      return json === undefined ? [] : [{ function: name, invocationId, ...(JSON.parse(json) as { event: string }) }];
    });
  }

  async until<T>(what: string, find: () => T | undefined | Promise<T | undefined>, patienceMs = PATIENCE_MS): Promise<T> {
    const found = await until(
      what,
      async () => [await find()] as const,
      ([one]) => one !== undefined,
      { patienceMs },
    ).catch((error: Error) => {
      throw new Error(`${error.message}\n${this.lines.slice(-40).join('\n')}`);
    });
    return found[0] as T;
  }
}

const QUERIES = new URL('../../infra/monitoring/queries/', import.meta.url);

function compared(text: string, column: string): string[] {
  const pattern = new RegExp(`\\b${column}\\s*(?:==|in)\\s*(\\([^)]*\\)|'[^']*')`, 'g');
  return [...text.matchAll(pattern)].flatMap((m) => [...(m[1] ?? '').matchAll(/'([^']*)'/g)].map((v) => v[1] as string));
}

/** Whether the query of an alert counts this line, by the events, rules, scopes and states that it names. */
export function countedBy(alert: string): (line: Told) => boolean {
  const text = readFileSync(new URL(`${alert}.kql`, QUERIES), 'utf8');
  const [events, rules, states, scopes] = ['event', 'rule', 'status', 'scope'].map((column) => compared(text, column)) as [
    string[],
    string[],
    string[],
    string[],
  ];
  const fits = (names: readonly string[], value: unknown) => names.length === 0 || value === undefined || names.includes(String(value));
  return (line) =>
    events.length > 0
      ? events.includes(line.event) && fits(rules, line['rule']) && fits(scopes, line['scope'])
      : states.includes(String(line['status']));
}
