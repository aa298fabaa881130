// Loads something of the API for a view, and again when it is asked to.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { type ApiAnswer, read } from '../api/client.ts';
import { useSurroundings } from './context.ts';

export interface Loaded<T> {
  /** Undefined: the first answer has not come yet. A later one replaces it when it is there. */
  answer: ApiAnswer<T> | undefined;
  reload: () => void;
}

/** `everyMs`: 0 loads once. Nothing is loaded again in the background, or if the last answer is `isFinal`. */
export function useLoad<T>(
  path: string,
  reader: (value: unknown) => T,
  everyMs = 0,
  isFinal: (value: T) => boolean = () => false,
): Loaded<T> {
  const { client } = useSurroundings();
  const [loaded, setLoaded] = useState<{ path: string; answer: ApiAnswer<T> } | undefined>(undefined);
  const newest = useRef(0);
  const load = useCallback(async () => {
    const number = ++newest.current;
    const answer = read(await client.call(path), reader);
    // An earlier call may end later.
    if (number === newest.current) setLoaded({ path, answer });
  }, [client, path]);
  useEffect(() => void load(), [load]);
  const isOver = loaded?.path === path && loaded.answer.ok && isFinal(loaded.answer.value);
  useEffect(() => {
    if (everyMs === 0 || isOver) return undefined;
    const timer = setInterval(() => document.visibilityState === 'visible' && void load(), everyMs);
    return () => clearInterval(timer);
  }, [load, everyMs, isOver]);
  return { answer: loaded?.path === path ? loaded.answer : undefined, reload: () => void load() };
}
