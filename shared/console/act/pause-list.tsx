// What is paused, since when, by whom and why.
import { Foreign, Sign, Time } from '../parts/text.tsx';
import { type PauseView, pausedInWords } from './pauses.ts';

interface Props {
  pauses: readonly PauseView[];
  /** Absent: the list is only shown. */
  lift?: (pause: PauseView) => void;
}

export function PauseList({ pauses, lift }: Props) {
  if (pauses.length === 0) {
    return (
      <p>
        <Sign tone="good">Nothing is paused.</Sign>
      </p>
    );
  }
  return (
    <ul class="cards">
      {pauses.map((pause) => (
        <li key={pause.id} class="card">
          <strong>
            <bdi>{pausedInWords(pause)}</bdi>
          </strong>
          <p>
            <Foreign text={pause.reason} absent="No reason is given." />
          </p>
          <p class="quiet">
            since <Time at={pause.setDateTime} relative />
            {pause.setBy !== undefined && (
              <>
                {' '}
                by <bdi>{pause.setBy === 'report' ? 'a report of Exchange' : pause.setBy}</bdi>
              </>
            )}
            {pause.until !== undefined && (
              <>
                , until <Time at={pause.until} relative />
              </>
            )}
            {pause.nextProbeDateTime !== undefined && (
              <>
                . One mail tries it <Time at={pause.nextProbeDateTime} relative />
              </>
            )}
          </p>
          {lift && (
            <button type="button" onClick={() => lift(pause)} aria-label={`Lift the pause: ${pausedInWords(pause)}`}>
              Lift…
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}
