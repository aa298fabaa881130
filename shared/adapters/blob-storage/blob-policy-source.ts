// The sender policy in Blob Storage: one conditional read tells whether it has changed.
import type { PolicyRead, PolicySource } from '../../ports/policy-source.ts';
import { StoreUnavailable } from '../../ports/store-unavailable.ts';
import type { OpenBlobService } from './blob-service.ts';

export const POLICY_CONTAINER = 'policy';

interface Failure {
  statusCode?: number;
  code?: string;
}

export class BlobPolicySource implements PolicySource {
  readonly place: string;
  readonly #service: OpenBlobService;
  readonly #name: string;

  /** `name`: of the blob within the container `policy`. */
  constructor(service: OpenBlobService, name: string) {
    this.#service = service;
    this.#name = name;
    this.place = `blob ${POLICY_CONTAINER}/${name}`;
  }

  async read(knownVersion?: string): Promise<PolicyRead> {
    const client = (await this.#service()).getContainerClient(POLICY_CONTAINER).getBlobClient(this.#name);
    try {
      const answer = await client.download(0, undefined, knownVersion ? { conditions: { ifNoneMatch: knownVersion } } : {});
      const chunks: Uint8Array[] = [];
      for await (const chunk of answer.readableStreamBody ?? []) chunks.push(chunk as Uint8Array);
      return { kind: 'read', text: Buffer.concat(chunks).toString('utf8'), version: answer.etag ?? '' };
    } catch (error) {
      const { statusCode, code } = error as Failure;
      if (statusCode === 304) return { kind: 'unchanged' };
      if (statusCode === 404) return { kind: 'missing' };
      throw new StoreUnavailable(`the sender policy cannot be read: ${statusCode ?? code}`, { cause: error });
    }
  }
}
