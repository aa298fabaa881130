// Small parts: a time, a text to copy, foreign text, a state with its sign.
import type { ComponentChildren } from 'preact';
import { SIGNS, type Tone, wordsOfState } from '../words/states.ts';
import { fromNow, isTime, local, utc } from '../words/times.ts';
import { useSurroundings } from './context.ts';

/** Local; UTC on hover. `relative`: also how long ago. */
export function Time({ at, relative = false }: { at: string | undefined; relative?: boolean }) {
  if (!isTime(at)) return <span>–</span>;
  const now = Date.now();
  return (
    <time dateTime={at} title={utc(at)}>
      {local(at, now)}
      {relative && <span class="quiet"> ({fromNow(at, now)})</span>}
    </time>
  );
}

/** Text that somebody else wrote: right-to-left marks in it change nothing around it. */
export function Foreign({ text, absent = '–' }: { text: string | undefined; absent?: string }) {
  return text === undefined ? <span class="quiet">{absent}</span> : <bdi class="foreign">{text}</bdi>;
}

export function Copyable({ text, what }: { text: string; what: string }) {
  const { say } = useSurroundings();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      say(`${what} copied`);
    } catch {
      say(`${what} could not be copied: mark it, and copy it with the keyboard`);
    }
  };
  return (
    <span class="copyable">
      <bdi class="mono">{text}</bdi>
      <button type="button" class="small" onClick={copy} aria-label={`Copy ${what}`}>
        Copy
      </button>
    </span>
  );
}

export function Sign({ tone, children }: { tone: Tone; children: ComponentChildren }) {
  return (
    <span class={`sign ${tone}`}>
      <span aria-hidden="true">{SIGNS[tone]}</span> {children}
    </span>
  );
}

export function StatusSign({ status }: { status: string }) {
  const { name, tone } = wordsOfState(status);
  return <Sign tone={tone}>{name}</Sign>;
}
