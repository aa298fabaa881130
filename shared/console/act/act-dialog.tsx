// The dialog of an action: what it would do, the reason that the log keeps, and then what was done.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ApiAnswer } from '../api/client.ts';
import { TroubleBox } from '../parts/trouble.tsx';

/** As the API limits it: one line. */
const MAXIMUM_REASON = 500;

interface Props {
  title: string;
  /** The words of the button that acts. */
  verb: string;
  /** What the action would do, or what must be chosen first. */
  children: ComponentChildren;
  /** False: something must be chosen, or the dry run has not ended. */
  ready: boolean;
  act: (reason: string) => Promise<ApiAnswer<string>>;
  /** `done`: something has changed. */
  close: (done: boolean) => void;
}

export function ActDialog({ title, verb, children, ready, act, close }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [reason, setReason] = useState('');
  const [running, setRunning] = useState(false);
  const [outcome, setOutcome] = useState<ApiAnswer<string> | undefined>(undefined);
  const isDone = outcome?.ok === true;
  useEffect(() => dialog.current?.showModal(), []);
  const run = async (event: Event) => {
    event.preventDefault();
    if (running || !ready || reason.trim() === '') return;
    setRunning(true);
    setOutcome(await act(reason.trim()));
    setRunning(false);
  };
  return (
    <dialog ref={dialog} aria-labelledby="act-title" onClose={() => close(isDone)}>
      <form onSubmit={run}>
        <h2 id="act-title">{title}</h2>
        {isDone ? (
          <p role="status">{outcome.value}</p>
        ) : (
          <>
            {children}
            <label>
              Reason, which the log keeps with your name
              <input
                value={reason}
                onInput={({ currentTarget }) => setReason(currentTarget.value)}
                maxLength={MAXIMUM_REASON}
                autocomplete="off"
                required
              />
            </label>
            {outcome && !outcome.ok && <TroubleBox trouble={outcome.trouble} />}
          </>
        )}
        <p class="buttons">
          {!isDone && (
            <button type="submit" class="act" disabled={running || !ready}>
              {running ? 'Working…' : verb}
            </button>
          )}
          <button type="button" onClick={() => dialog.current?.close()}>
            {isDone ? 'Close' : 'Do nothing'}
          </button>
        </p>
      </form>
    </dialog>
  );
}

/** Buttons that open dialogs, for those who may act; otherwise why there are none. */
export function MayAct({ may, children }: { may: boolean; children: ComponentChildren }) {
  if (may) return <p class="buttons">{children}</p>;
  return <p class="quiet">To act, your account needs the role SendRequests.Manage.All.</p>;
}
