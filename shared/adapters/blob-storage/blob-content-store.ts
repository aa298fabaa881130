// ContentStore on Blob Storage: claim checks, content kept for a resend, and poison, each in a container of its own.
import { createHash } from 'node:crypto';
import type { BlobServiceClient, ContainerClient } from '@azure/storage-blob';
import type { ClaimCheck } from '../../domain/send-request.ts';
import { type ContentStore, StoreUnavailable } from '../../ports/content-store.ts';

export const CONTAINERS = { content: 'content', kept: 'kept', poison: 'poison' } as const;

const statusOf = (error: unknown): number | undefined => (error as { statusCode?: number } | undefined)?.statusCode;

/** A name that Blob Storage takes and that stays readable: anything else becomes a dash. */
const blobName = (text: string): string => text.replace(/[^A-Za-z0-9._-]/g, '-').slice(0, 200);

export class BlobContentStore implements ContentStore {
  readonly #service: BlobServiceClient;
  /** Containers that are known to be there. */
  readonly #ready = new Set<string>();

  constructor(service: BlobServiceClient) {
    this.#service = service;
  }

  async put(id: string, bytes: Uint8Array): Promise<ClaimCheck> {
    const name = `${id}/${createHash('sha256').update(bytes).digest('hex')}`;
    await this.#write(CONTAINERS.content, name, bytes);
    return { name, length: bytes.length };
  }

  get({ name }: ClaimCheck): Promise<Uint8Array | undefined> {
    return this.#read(CONTAINERS.content, name);
  }

  async remove({ name }: ClaimCheck): Promise<void> {
    await this.#guard(async () => {
      await this.#service.getContainerClient(CONTAINERS.content).getBlobClient(name).deleteIfExists();
    });
  }

  async keep(id: string, bytes: Uint8Array): Promise<ClaimCheck> {
    await this.#write(CONTAINERS.kept, id, bytes);
    return { name: id, length: bytes.length };
  }

  kept(id: string): Promise<Uint8Array | undefined> {
    return this.#read(CONTAINERS.kept, id);
  }

  async setAside(name: string, body: unknown, reason: string): Promise<void> {
    await this.#write(CONTAINERS.poison, `${blobName(name)}.json`, Buffer.from(JSON.stringify({ reason, body }, undefined, 1)));
  }

  async check(): Promise<void> {
    await this.#guard(() => this.#container(CONTAINERS.content));
  }

  async #container(name: string): Promise<ContainerClient> {
    const container = this.#service.getContainerClient(name);
    if (!this.#ready.has(name)) {
      await container.createIfNotExists();
      this.#ready.add(name);
    }
    return container;
  }

  /** Written if absent: the name says what is in it, so that writing again changes nothing. */
  async #write(container: string, name: string, bytes: Uint8Array): Promise<void> {
    await this.#guard(async () => {
      const blob = (await this.#container(container)).getBlockBlobClient(name);
      try {
        await blob.uploadData(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), { conditions: { ifNoneMatch: '*' } });
      } catch (error) {
        if (statusOf(error) !== 409 && statusOf(error) !== 412) throw error;
      }
    });
  }

  async #read(container: string, name: string): Promise<Uint8Array | undefined> {
    return this.#guard(async () => {
      try {
        return await this.#service.getContainerClient(container).getBlobClient(name).downloadToBuffer();
      } catch (error) {
        if (statusOf(error) === 404) return undefined;
        throw error;
      }
    });
  }

  /** Whatever Blob Storage answers besides what is expected above is an outage, or a right that an operator must grant: time heals it. */
  async #guard<T>(action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      throw new StoreUnavailable(`Blob Storage: ${error instanceof Error ? error.message.split('\n', 1)[0] : String(error)}`);
    }
  }
}
