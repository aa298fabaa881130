// The human part of a mail: a mail system's own lines, and what it returned of the original behind them.

import { htmlToText } from './html-text.ts';
import { MAXIMUM_LINE } from './limits.ts';
import type { MailParts } from './mail-parts.ts';
import { ORIGINAL_RULES } from './text-bounce-rules.ts';

export type HumanText = { whole: string; report: string[]; original: string };

/** The plain text and the HTML, in this order; either may be empty. */
export function readHumanTexts(parts: MailParts): HumanText[] {
  return [parts.text, htmlToText(parts.html)].map(splitOriginal);
}

function splitOriginal(whole: string): HumanText {
  const lines = whole.split(/\r\n|\n|\r/);
  const first = lines.findIndex((line) => line.trim() !== '');
  const start = lines.findIndex((line, index) => index > first && ORIGINAL_RULES.some((rule) => rule.pattern.test(line.slice(0, 200))));
  const end = start < 0 ? lines.length : start;
  return { whole, report: lines.slice(0, end).map((line) => line.slice(0, MAXIMUM_LINE)), original: lines.slice(end).join('\n') };
}
