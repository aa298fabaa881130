// The sender policy in a file: for a laptop, and for tests.
import { readFile, stat } from 'node:fs/promises';
import type { PolicyRead, PolicySource } from '../../ports/policy-source.ts';
import { StoreUnavailable } from '../../ports/store-unavailable.ts';

export class FilePolicySource implements PolicySource {
  readonly place: string;

  constructor(path: string) {
    this.place = path;
  }

  async read(knownVersion?: string): Promise<PolicyRead> {
    try {
      const { mtimeMs, size } = await stat(this.place);
      const version = `${mtimeMs}-${size}`;
      if (version === knownVersion) return { kind: 'unchanged' };
      return { kind: 'read', text: await readFile(this.place, 'utf8'), version };
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return { kind: 'missing' };
      throw new StoreUnavailable(`the sender policy cannot be read: ${code}`, { cause: error });
    }
  }
}
