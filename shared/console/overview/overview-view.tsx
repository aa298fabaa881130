// Is mail flowing, what waits and why, what needs somebody, and what holds mail back.
import { PauseList } from '../act/pause-list.tsx';
import { pausesOf } from '../act/pauses.ts';
import { useLoad } from '../parts/load.ts';
import { Answered } from '../parts/trouble.tsx';
import { activityOf } from './activity.ts';
import { FlowChart } from './flow-chart.tsx';
import { overviewOf } from './overview.ts';
import { AttentionCards, WaitingTable } from './overview-parts.tsx';

const REFRESH_MS = 30_000;

function Flow() {
  const { answer, reload } = useLoad('/v1.0/activity', activityOf, REFRESH_MS);
  return (
    <section>
      <h2>Mail per hour</h2>
      <Answered answer={answer} retry={reload}>
        {(hours) => <FlowChart hours={hours} />}
      </Answered>
    </section>
  );
}

function Work() {
  const { answer, reload } = useLoad('/v1.0/overview', overviewOf, REFRESH_MS);
  return (
    <>
      <section>
        <h2>What needs somebody</h2>
        <Answered answer={answer} retry={reload}>
          {({ attention, unreadable }) => <AttentionCards attention={attention} unreadable={unreadable} />}
        </Answered>
      </section>
      {answer?.ok && (
        <section>
          <h2>What waits</h2>
          <WaitingTable {...answer.value.waiting} />
        </section>
      )}
    </>
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
  return (
    <>
      <Flow />
      <Work />
      <Pauses />
    </>
  );
}
