// The HTTP-date of RFC 9110 section 5.6.7: a recipient must take all three of its forms.

const TIME = '(\\d{2}:\\d{2}:\\d{2})';
const MONTH = '(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';
const IMF_FIXDATE = new RegExp(`^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), (\\d{2}) ${MONTH} (\\d{4}) ${TIME} GMT$`);
const RFC_850 = new RegExp(`^(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, (\\d{2})-${MONTH}-(\\d{2}) ${TIME} GMT$`);
const ASCTIME = new RegExp(`^(Mon|Tue|Wed|Thu|Fri|Sat|Sun) ${MONTH} ([ \\d]\\d) ${TIME} (\\d{4})$`);

/** The same date as an IMF-fixdate. Years of two digits are of this century: nobody defers mail to the last one. */
function asImfFixdate(text: string): string {
  const [, day, date, month, year, time] = RFC_850.exec(text) ?? [];
  if (day) return `${day.slice(0, 3)}, ${date} ${month} 20${year} ${time} GMT`;
  const [, dayName, monthName, dayOfMonth, clock, fullYear] = ASCTIME.exec(text) ?? [];
  return dayName ? `${dayName}, ${dayOfMonth?.replace(' ', '0')} ${monthName} ${fullYear} ${clock} GMT` : text;
}

/** Milliseconds since 1970. NaN for anything else, and for a day that the calendar does not have, or that is another day of the week. */
export function parseHttpDate(text: string): number {
  const date = asImfFixdate(text);
  const time = IMF_FIXDATE.test(date) ? Date.parse(date) : Number.NaN;
  return new Date(time).toUTCString() === date ? time : Number.NaN;
}
