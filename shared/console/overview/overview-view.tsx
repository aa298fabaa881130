// Is mail flowing, what waits and why, what needs somebody, and what holds mail back.
import { useMemo } from 'preact/hooks';
import { PauseList } from '../act/pause-list.tsx';
import { pausesOf } from '../act/pauses.ts';
import { useLoad } from '../parts/load.ts';
import { Answered } from '../parts/trouble.tsx';
import { activityOf } from './activity.ts';
import { CountCards } from './counts.tsx';
import { FlowChart } from './flow-chart.tsx';
import { attentionRows, WAITING_ROWS } from './rows.ts';

const REFRESH_MS = 30_000;

function Flow() {
  const { answer, reload } = useLoad('/v1.0/activity', activityOf, REFRESH_MS);
  return (
    <section>
      <h2>Mail per hour</h2>
      <Answered answer={answer} retry={reload}>
        {(hours) => (hours.length === 0 ? <p>No mail was accepted in this time.</p> : <FlowChart hours={hours} />)}
      </Answered>
    </section>
  );
}

function Pauses() {
  const { answer, reload } = useLoad('/v1.0/pauses', pausesOf, REFRESH_MS);
  return (
    <section>
      <h2>Limits and pauses</h2>
      <Answered answer={answer} retry={reload}>
        {(pauses) => <PauseList pauses={pauses} />}
      </Answered>
      <p>
        <a href="#/pauses">All limits and pauses</a>
      </p>
    </section>
  );
}

export function OverviewView() {
  const rows = useMemo(() => attentionRows(Date.now()), []);
  return (
    <>
      <Flow />
      <section>
        <h2>What needs somebody</h2>
        <CountCards rows={rows} />
      </section>
      <section>
        <h2>What waits</h2>
        <CountCards rows={WAITING_ROWS} />
      </section>
      <Pauses />
    </>
  );
}
