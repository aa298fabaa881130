// Reads the tables of the emulator's README, which tests compare with the data they describe.
import { readFileSync } from 'node:fs';

const readme = new URL('../../../emulators/graph-mail/README.md', import.meta.url);

/** The rows of the first table below a heading, without its head. */
export function tableRows(heading: string): string[][] {
  const text = readFileSync(readme, 'utf8');
  const section = text.split(/^#+ /m).find((part) => part.startsWith(heading)) ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) =>
    line
      .slice(1, -1)
      .split(' | ')
      .map((cell) => cell.trim()),
  );
}
