// The files of the console in the package: read at their first use, and kept.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { ConsoleFile, ConsoleFiles } from '../../ports/console-page.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

export class ConsoleFolder implements ConsoleFiles {
  readonly #folder: string;
  #files: Promise<ReadonlyMap<string, ConsoleFile>> | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async read(name: string): Promise<ConsoleFile | undefined> {
    this.#files ??= this.#readAll();
    return (await this.#files).get(name);
  }

  /** All at once: a name that a caller sends never becomes a path. */
  async #readAll(): Promise<ReadonlyMap<string, ConsoleFile>> {
    const names = (await readdir(this.#folder)).filter((name) => TYPES[extname(name)] !== undefined);
    const files = await Promise.all(names.map((name) => this.#readOne(name)));
    return new Map(names.map((name, index) => [name, files[index] as ConsoleFile]));
  }

  async #readOne(name: string): Promise<ConsoleFile> {
    const bytes = await readFile(join(this.#folder, name));
    const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
    return { type: TYPES[extname(name)] as string, etag, bytes };
  }
}
