// Finds the command that is meant, and runs it in this process: it gets signals and the terminal as they are.
import { fileURLToPath } from 'node:url';
import { COMMANDS, overview, refuseCall, usageOf } from './commands.ts';

const HELP = ['--help', '-h', 'help'];

async function run([name, ...rest]: readonly string[]): Promise<void> {
  if (name !== undefined && HELP.includes(name)) {
    console.log(rest[0] !== undefined && COMMANDS.some((one) => one.name === rest[0]) ? usageOf(rest[0]) : overview());
    return;
  }
  const command = COMMANDS.find((one) => one.name === name);
  if (!command) {
    console.error(`${name === undefined ? 'Which command?' : `There is no command ${name}.`}\n\n${overview()}`);
    process.exitCode = 2;
    return;
  }
  if (rest.some((one) => one === '--help' || one === '-h')) {
    console.log(usageOf(command.name));
    return;
  }
  const file = new URL(command.file, import.meta.url);
  process.argv = [process.execPath, fileURLToPath(file), ...(command.implies ?? []), ...rest];
  try {
    await import(file.href);
  } catch (error) {
    // https://nodejs.org/api/util.html#utilparseargsconfig: a command that is called the wrong way, and does not say so itself.
    if (!String((error as { code?: unknown }).code).startsWith('ERR_PARSE_ARGS')) throw error;
    refuseCall(command.name, (error as Error).message);
  }
}

await run(process.argv.slice(2));
