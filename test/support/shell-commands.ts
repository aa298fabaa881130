// Splits a block of shell lines into simple commands, as a shell reads them: quotes, comments, continued lines, `&&`, `;` and `|`.
import { parse } from 'shell-quote';

/** A variable stays as it is written, so that a check sees it. */
const asWritten = (name: string): string => `\${${name}}`;

/** Words of the shell itself: a command follows. */
const KEYWORDS: readonly string[] = ['do', 'then', 'else', '{', '}', 'done', 'fi'];
/** A loop's head, and the definition of a function: bash reads them, and the lines that use them are checked. */
const HEAD = /^\s*(?:for \w+ in [^;]*;|\w+\(\) \{.*\}.*$)/;

/** Operators after which another command begins. */
const SEPARATORS: readonly string[] = ['&&', '||', ';', '|', '&'];

export interface ShellCommand {
  /** Assignments before the command, such as `CALLER_AUTH=entra`. */
  assignments: string[];
  /** The program and its arguments; empty if the line only assigns. */
  words: string[];
}

function commandOf(all: readonly string[]): ShellCommand {
  const words = all.slice(all.findIndex((word) => !KEYWORDS.includes(word)));
  const first = words.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word));
  const end = first === -1 ? words.length : first;
  return { assignments: words.slice(0, end), words: words.slice(end) };
}

function commandsOfLine(line: string): ShellCommand[] {
  const commands: string[][] = [[]];
  let redirected = false;
  for (const entry of parse(line.replace(HEAD, ''), asWritten)) {
    if (typeof entry === 'string') {
      if (!redirected) commands.at(-1)?.push(entry);
      redirected = false;
    } else if ('comment' in entry) {
      break;
    } else if (entry.op === 'glob') {
      commands.at(-1)?.push(entry.pattern);
    } else if (SEPARATORS.includes(entry.op)) {
      commands.push([]);
    } else {
      redirected = entry.op.startsWith('>') || entry.op.startsWith('<');
    }
  }
  return commands.filter((words) => words.some((word) => !KEYWORDS.includes(word))).map(commandOf);
}

export const shellCommandsOf = (text: string): ShellCommand[] =>
  text
    .replace(/\\\n\s*/g, ' ')
    .split('\n')
    .flatMap(commandsOfLine);
