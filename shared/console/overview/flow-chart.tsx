// The flow of mail as a chart, and the same as a table for those who do not see it.

import { Time } from '../parts/text.tsx';
import { local } from '../words/times.ts';
import type { Hour } from './activity.ts';
import { SERIES, type Series } from './activity.ts';
import { chartOf } from './bars.ts';

const WIDTH = 720;
const HEIGHT = 160;
const LEFT = 44;
const BOTTOM = 22;
/** Of the hours under the chart. */
const EVERY = 4;

const NAMES: Record<Series, string> = { enqueued: 'Accepted from applications', sent: 'Sent', failed: 'Failed' };
/** Each series has a pattern of its own beside its colour. */
const HATCH: Record<Series, string> = { enqueued: 'M0 6L6 0', sent: '', failed: 'M0 3H6' };

const sumOf = (hours: readonly Hour[], series: Series): number => hours.reduce((sum, hour) => sum + hour[series], 0);

function Legend({ hours }: { hours: readonly Hour[] }) {
  return (
    <ul class="legend">
      {SERIES.map((series) => (
        <li key={series}>
          <svg width="16" height="16" aria-hidden="true" class={`series ${series}`}>
            <rect width="16" height="16" />
            <rect width="16" height="16" fill={`url(#hatch-${series})`} class="hatch" />
          </svg>
          {NAMES[series]}: {sumOf(hours, series)}
        </li>
      ))}
    </ul>
  );
}

function Picture({ hours }: { hours: readonly Hour[] }) {
  const chart = chartOf(hours, WIDTH - LEFT, HEIGHT);
  const words = SERIES.map((series) => `${NAMES[series]} ${sumOf(hours, series)}`).join(', ');
  return (
    <svg
      class="chart"
      viewBox={`0 0 ${WIDTH} ${HEIGHT + BOTTOM + 8}`}
      role="img"
      aria-label={`Mail per hour: ${words}. The table below has the numbers.`}
    >
      <defs>
        {SERIES.map((series) => (
          <pattern key={series} id={`hatch-${series}`} width="6" height="6" patternUnits="userSpaceOnUse">
            <path d={HATCH[series]} class="stroke" />
          </pattern>
        ))}
      </defs>
      <g transform={`translate(${LEFT} 8)`}>
        {chart.lines.map(({ value, y }) => (
          <g key={value} class="line">
            <line x1={0} x2={WIDTH - LEFT} y1={y} y2={y} />
            <text x={-6} y={y + 4} text-anchor="end">
              {value}
            </text>
          </g>
        ))}
        {chart.bars.map(({ series, ...place }, index) => (
          <g key={index} class={`series ${series}`}>
            <rect {...place} />
            <rect {...place} fill={`url(#hatch-${series})`} class="hatch" />
          </g>
        ))}
        {chart.hours
          .filter((_, index) => index % EVERY === 0)
          .map(({ at, x }) => (
            <text key={at} x={x} y={HEIGHT + BOTTOM - 6} class="hour">
              {local(at, Date.now()).slice(-8, -3)}
            </text>
          ))}
      </g>
    </svg>
  );
}

export function FlowChart({ hours }: { hours: readonly Hour[] }) {
  return (
    <>
      <Legend hours={hours} />
      <Picture hours={hours} />
      <details>
        <summary>The same as a table</summary>
        <table>
          <caption class="unseen">Mail per hour</caption>
          <thead>
            <tr>
              <th scope="col">Hour</th>
              {SERIES.map((series) => (
                <th key={series} scope="col">
                  {NAMES[series]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {hours.map((hour) => (
              <tr key={hour.at}>
                <td data-name="Hour">
                  <Time at={hour.at} />
                </td>
                {SERIES.map((series) => (
                  <td key={series} data-name={NAMES[series]}>
                    {hour[series]}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </>
  );
}
