// NCRONTAB as the timers of Azure Functions read it: second, minute, hour, day, month, day of the week.
// https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer#ncrontab-expressions

interface Field {
  first: number;
  last: number;
  /** In place of numbers; the first three letters count. */
  names?: readonly string[];
}

const FIELDS: readonly Field[] = [
  { first: 0, last: 59 },
  { first: 0, last: 59 },
  { first: 0, last: 23 },
  { first: 1, last: 31 },
  { first: 1, last: 12, names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'] },
  { first: 0, last: 6, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
];

const MINUTE = 1;
const MINUTES_OF_HOUR = 60;

function numberOf(text: string, { first, names = [] }: Field): number {
  const named = names.indexOf(text.slice(0, 3).toLowerCase());
  if (named >= 0) return first + named;
  return /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
}

/** The values of one item of a list, such as `5`, `1-5`, or the steps of `*` and of a range; none if it is not one. */
function valuesOf(item: string, field: Field): number[] {
  const [, from = '', to, step] = /^(\*|\w+)(?:-(\w+))?(?:\/(\d{1,2}))?$/.exec(item) ?? [];
  const isAny = from === '*';
  if (isAny && to !== undefined) return [];
  const start = isAny ? field.first : numberOf(from, field);
  const open = isAny || step !== undefined ? field.last : start;
  const end = to === undefined ? open : numberOf(to, field);
  const by = Number(step ?? 1);
  const isRange = start >= field.first && end <= field.last && start <= end && by > 0;
  return isRange ? Array.from({ length: Math.floor((end - start) / by) + 1 }, (_, index) => start + index * by) : [];
}

/** The values of each field in rising order; undefined if the text is no schedule. */
export function parseNcrontab(text: string): number[][] | undefined {
  const parts = text.trim().split(/\s+/);
  if (parts.length !== FIELDS.length) return undefined;
  const values = FIELDS.map((field, index) => {
    const items = (parts[index] as string).split(',').map((item) => valuesOf(item, field));
    return items.some(({ length }) => length === 0) ? [] : [...new Set(items.flat())].sort((a, b) => a - b);
  });
  return values.some(({ length }) => length === 0) ? undefined : values;
}

/** The longest time between two runs, in minutes. Infinite if an hour of any day has no run: no caller needs to know more. */
export function longestGapMinutes(schedule: readonly (readonly number[])[]): number {
  const isEveryHour = FIELDS.every(({ first, last }, index) => index <= MINUTE || schedule[index]?.length === last - first + 1);
  if (!isEveryHour) return Number.POSITIVE_INFINITY;
  const minutes = schedule[MINUTE] as readonly number[];
  return Math.max(...minutes.map((minute, index) => (minutes[index + 1] ?? (minutes[0] as number) + MINUTES_OF_HOUR) - minute));
}
