// Timer schedules: NCRONTAB (5 or 6 fields, UTC) on cron-parser, or a time span as text.
import { CronExpressionParser } from 'cron-parser';
import { parseTimeSpan } from '../time-span.ts';

export interface Schedule {
  next(after: Date): Date;
  /** Timers that fire more than once a minute have no schedule status. */
  readonly belowAMinute: boolean;
}

// What cron-parser knows beyond NCRONTAB (`?`, `L`, `#`, `H`, `@daily`) must not pass here and then fail in Azure.
const field = /^[0-9*,/-]+$|^(?:[A-Z]{3,9}|[0-9*,/-])+$/i;
const extras = /[?#@]|(^|[,/-])[LH]([,/-]|\(|$)/i;

function fields(expression: string): string[] | undefined {
  const parts = expression.trim().split(/\s+/);
  if (parts.length !== 5 && parts.length !== 6) return undefined;
  return parts.every((part) => field.test(part) && !extras.test(part)) ? parts : undefined;
}

function cronNext(expression: string): ((after: Date) => Date) | undefined {
  const parts = fields(expression);
  if (!parts) return undefined;
  const options = (after?: Date) => ({ tz: 'UTC', ...(after ? { currentDate: after } : {}) });
  let weekdays: Set<number>;
  try {
    const all = CronExpressionParser.parse(parts.join(' '), options()).fields.dayOfWeek.values;
    weekdays = new Set(all.map((day) => Number(day) % 7));
  } catch {
    return undefined;
  }
  // NCRONTAB wants day of month AND day of week; cron-parser, like Unix cron, takes either. So the week days are checked here.
  const anyWeekday = [...parts.slice(0, -1), '*'].join(' ');
  return (after) => {
    const occurrences = CronExpressionParser.parse(anyWeekday, options(after));
    for (;;) {
      const candidate = occurrences.next().toDate();
      if (weekdays.has(candidate.getUTCDay())) return candidate;
    }
  };
}

function spanNext(expression: string): ((after: Date) => Date) | undefined {
  const span = parseTimeSpan(expression);
  return span === undefined || span <= 0 ? undefined : (after) => new Date(after.getTime() + span);
}

export function parseSchedule(expression: string): Schedule {
  const next = cronNext(expression) ?? spanNext(expression);
  if (!next) throw new Error(`The schedule expression '${expression}' was not recognized as a valid cron expression or timespan string.`);
  let belowAMinute = false;
  for (let index = 0, time = next(new Date(0)); index < 10 && !belowAMinute; index += 1) {
    const following = next(time);
    belowAMinute = following.getTime() - time.getTime() < 60_000;
    time = following;
  }
  return { next, belowAMinute };
}
