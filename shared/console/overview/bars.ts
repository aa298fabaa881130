// The geometry of the chart: bars side by side for each hour, and lines at round numbers.
import { type Hour, SERIES, type Series } from './activity.ts';

export interface Bar {
  series: Series;
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Chart {
  bars: readonly Bar[];
  /** Where the hours stand. */
  hours: readonly { at: string; x: number; width: number }[];
  lines: readonly { value: number; y: number }[];
}

/** A round number that is not below: 1, 2 or 5 with zeros. */
export function roundUp(value: number): number {
  if (value <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find((step) => step * power >= value) as number) * power;
}

/** Of each hour this part is a gap. */
const GAP = 0.2;

export function chartOf(hours: readonly Hour[], width: number, height: number): Chart {
  const top = roundUp(Math.max(1, ...hours.flatMap((hour) => SERIES.map((series) => hour[series]))));
  const step = width / Math.max(1, hours.length);
  const barWidth = (step * (1 - GAP)) / SERIES.length;
  const bars = hours.flatMap((hour, index) =>
    SERIES.map((series, place) => {
      const tall = (hour[series] / top) * height;
      return { series, x: index * step + (step * GAP) / 2 + place * barWidth, y: height - tall, width: barWidth, height: tall };
    }),
  );
  return {
    bars,
    hours: hours.map(({ at }, index) => ({ at, x: index * step, width: step })),
    lines: [0, top / 2, top].map((value) => ({ value, y: height - (value / top) * height })),
  };
}
