// .NET TimeSpan text as host.json has it: `[-][d.]hh:mm[:ss[.fffffff]]`, or whole days.

const pattern = /^(-)?(?:(\d+)\.)?(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,7}))?)?$/;

/** Milliseconds; undefined if the text is no time span. */
export function parseTimeSpan(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text) * 86_400_000;
  const match = pattern.exec(text.trim());
  if (!match) return undefined;
  const [, sign, days = '0', hours, minutes, seconds = '0', fraction = ''] = match;
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  const whole = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
  const milliseconds = whole * 1000 + Number(fraction.padEnd(7, '0')) / 10_000;
  return sign ? -milliseconds : milliseconds;
}
