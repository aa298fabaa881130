// Microsoft's clients for .NET in a process of their own (test/clients/dotnet): built if the .NET SDK and NuGet are there, driven by lines of JSON.
import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const here = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const env = { ...process.env, DOTNET_CLI_TELEMETRY_OPTOUT: '1', DOTNET_NOLOGO: '1', MSBUILDDISABLENODEREUSE: '1' };
const RESTORE_WITHIN_MS = 60_000;

/** A project of test/clients/dotnet, built below dist. */
type Project = 'clients' | 'guide' | 'service-bus';

const fileOf = (project: Project): string => here(`test/clients/dotnet/${project}.csproj`);
const builtTo = (project: Project): string => here(`dist/clients/${project}`);
/** Where the guide's program is to be written before it is built. */
export const GUIDE_PROGRAM = here('dist/clients/guide-source/Program.cs');
const settingsOf = (project: Project): string[] => [
  `-p:BaseIntermediateOutputPath=${here(`dist/clients/obj-${project}`)}/`,
  `-p:Program=${GUIDE_PROGRAM}`,
  // No compiler stays behind as a server.
  '-p:UseSharedCompilation=false',
  '--nologo',
  '--verbosity',
  'quiet',
];

export type DotnetCallName = 'graph' | 'resilience' | 'resilience-with-key' | 'resilience-without-post';

/** Why the clients cannot be built on this machine; undefined: they can. A mistake in their source is no such reason. */
export async function dotnetMissing(project: Project): Promise<string | undefined> {
  const reason = (error: unknown): string =>
    String((error as { stdout?: string }).stdout || (error as Error).message).split('\n', 1)[0] ?? '';
  try {
    await run('dotnet', ['--version'], { env });
  } catch (error) {
    return `no .NET SDK: ${reason(error)}`;
  }
  try {
    await run('dotnet', ['restore', fileOf(project), ...settingsOf(project)], { env, timeout: RESTORE_WITHIN_MS });
    return undefined;
  } catch (error) {
    return `NuGet restores nothing: ${reason(error)}`;
  }
}

/** Builds what dotnetMissing() has restored; the path of the assembly. */
async function build(project: Project): Promise<string> {
  const options = ['--no-restore', '-c', 'Release', '-o', builtTo(project)];
  await run('dotnet', ['build', fileOf(project), ...options, ...settingsOf(project)], { env }).catch((error) => {
    throw new Error(`${fileOf(project)} does not build:\n${(error as { stdout?: string }).stdout}`);
  });
  return `${builtTo(project)}/${project}.dll`;
}

/** Builds and runs a project; what it printed. That of `guide` is at GUIDE_PROGRAM. */
export async function runDotnet(
  project: Project,
  given: readonly string[],
  more: Record<string, string | undefined>,
  withinMs: number,
): Promise<string> {
  const { stdout } = await run('dotnet', [await build(project), ...given], { env: { ...env, ...more }, timeout: withinMs });
  return stdout;
}

interface Answer {
  number: number;
  error: string | null;
}

export class DotnetClients {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #waiting = new Map<number, { resolve: () => void; reject: (error: Error) => void }>();
  #number = 0;

  private constructor(process: ChildProcessWithoutNullStreams) {
    this.#process = process;
    let said = '';
    process.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    createInterface({ input: process.stdout }).on('line', (line) => this.#answered(JSON.parse(line) as Answer));
    process.once('exit', (code) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`the .NET clients ended with ${code}: ${said}`));
    });
  }

  /** Built first; all calls go to `url`. */
  static async start(url: string): Promise<DotnetClients> {
    return new DotnetClients(spawn('dotnet', [await build('clients'), url], { env }));
  }

  call(client: DotnetCallName, operation: string, { mailbox, item }: { mailbox: string; item: string }): Promise<void> {
    const number = ++this.#number;
    return new Promise((resolve, reject) => {
      this.#waiting.set(number, { resolve, reject });
      this.#process.stdin.write(`${JSON.stringify({ number, client, operation, mailbox, item })}\n`);
    });
  }

  async close(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.stdin.end();
    await ended;
  }

  #answered({ number, error }: Answer): void {
    const waiting = this.#waiting.get(number);
    this.#waiting.delete(number);
    if (error === null) waiting?.resolve();
    else waiting?.reject(new Error(error));
  }
}
