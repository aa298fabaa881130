// What went wrong, in words, with what the person can do; and what stands in its place while an answer is awaited.
import type { ComponentChildren } from 'preact';
import type { ApiAnswer } from '../api/client.ts';
import { TROUBLE_WORDS, type Trouble } from '../api/trouble.ts';
import { useSurroundings } from './context.ts';

export function TroubleBox({ trouble, retry }: { trouble: Trouble; retry?: (() => void) | undefined }) {
  const { session } = useSurroundings();
  const { title, advice } = TROUBLE_WORDS[trouble.kind];
  return (
    <div class="trouble" role="alert">
      <h3>{title}</h3>
      {trouble.message !== undefined && (
        <p>
          <bdi>{trouble.message}</bdi>
        </p>
      )}
      <p>{advice}</p>
      {trouble.requestId !== undefined && <p class="quiet">request-id {trouble.requestId}</p>}
      {trouble.kind === 'signInExpired' ? (
        <button type="button" onClick={() => void session.signInAgain()}>
          Sign in again
        </button>
      ) : (
        retry && (
          <button type="button" onClick={retry}>
            Try again
          </button>
        )
      )}
    </div>
  );
}

interface AnsweredProps<T> {
  answer: ApiAnswer<T> | undefined;
  retry: (() => void) | undefined;
  children: (value: T) => ComponentChildren;
}

/** A good answer, or the state of the page without one. */
export function Answered<T>({ answer, retry, children }: AnsweredProps<T>) {
  if (!answer) return <p class="quiet">Loading…</p>;
  return answer.ok ? children(answer.value) : <TroubleBox trouble={answer.trouble} retry={retry} />;
}
