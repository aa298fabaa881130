// ContentStore on Blob Storage: claim checks, content kept for a resend, and poison, each in a container of its own.
import { createHash } from 'node:crypto';
import type { ContainerClient } from '@azure/storage-blob';
import type { ClaimCheck } from '../../domain/log/send-request.ts';
import type { ContentStore } from '../../ports/content-store.ts';
import { StoreUnavailable } from '../../ports/store-unavailable.ts';
import type { OpenBlobService } from './blob-service.ts';

export const CONTAINERS = { content: 'content', kept: 'kept', poison: 'poison' } as const;
type Container = (typeof CONTAINERS)[keyof typeof CONTAINERS];

interface Failure {
  statusCode?: number;
  code?: string;
  details?: { errorCode?: string };
  message?: string;
}

const codeOf = (error: unknown): string => (error as Failure).details?.errorCode ?? (error as Failure).code ?? '';

/** The answers to a conditional write that say that the blob exists. Another 409 means that the container is being deleted. */
const IS_THERE = ['BlobAlreadyExists', 'ConditionNotMet', 'UnauthorizedBlobOverwrite'];

/** A name that Blob Storage takes and that stays readable: anything else becomes a dash. */
const blobName = (text: string): string => text.replace(/[^A-Za-z0-9._-]/g, '-').slice(0, 200);

export class BlobContentStore implements ContentStore {
  readonly #service: OpenBlobService;

  constructor(service: OpenBlobService) {
    this.#service = service;
  }

  async put(id: string, bytes: Uint8Array): Promise<ClaimCheck> {
    const name = `${id}/${createHash('sha256').update(bytes).digest('hex')}`;
    await this.#write(CONTAINERS.content, name, bytes);
    return { name, length: bytes.length };
  }

  get({ name, length }: ClaimCheck): Promise<Uint8Array | undefined> {
    return this.#read(CONTAINERS.content, name, length);
  }

  async remove({ name }: ClaimCheck): Promise<void> {
    await this.#delete(CONTAINERS.content, name);
  }

  async keep(id: string, bytes: Uint8Array): Promise<ClaimCheck> {
    await this.#write(CONTAINERS.kept, id, bytes);
    return { name: id, length: bytes.length };
  }

  kept(id: string): Promise<Uint8Array | undefined> {
    return this.#read(CONTAINERS.kept, id);
  }

  async forget(id: string): Promise<void> {
    await this.#delete(CONTAINERS.kept, id);
  }

  async setAside(name: string, body: unknown, reason: string): Promise<void> {
    const text = JSON.stringify({ reason, body }, undefined, 1);
    await this.#write(CONTAINERS.poison, `${blobName(name)}.json`, Buffer.from(text));
  }

  async check(): Promise<void> {
    await this.#guard(async () => (await this.#container(CONTAINERS.content)).createIfNotExists());
  }

  /** Written if absent: the name says what is in it, so that writing again changes nothing. Containers are made when first missed. */
  async #write(container: Container, name: string, bytes: Uint8Array): Promise<void> {
    await this.#guard(async () => {
      const client = await this.#container(container);
      const upload = () =>
        client
          .getBlockBlobClient(name)
          .uploadData(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), { conditions: { ifNoneMatch: '*' } });
      try {
        await upload();
      } catch (error) {
        if (IS_THERE.includes(codeOf(error))) return;
        if (codeOf(error) !== 'ContainerNotFound') throw error;
        await client.createIfNotExists();
        await upload();
      }
    });
  }

  async #delete(container: Container, name: string): Promise<void> {
    await this.#guard(async () => (await this.#container(container)).getBlobClient(name).deleteIfExists());
  }

  /** With its length known a blob is read in one request. */
  async #read(container: Container, name: string, length?: number): Promise<Uint8Array | undefined> {
    return this.#guard(async () => {
      try {
        const client = await this.#container(container);
        return await client.getBlobClient(name).downloadToBuffer(0, length || undefined);
      } catch (error) {
        if ((error as Failure).statusCode === 404) return undefined;
        throw error;
      }
    });
  }

  async #container(container: Container): Promise<ContainerClient> {
    return (await this.#service()).getContainerClient(container);
  }

  /** Every other answer of Blob Storage is an outage, or means that an operator must grant a right: a later attempt may succeed. */
  async #guard<T>(action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      const reason = codeOf(error) || ((error as Failure).message ?? '').split('\n', 1)[0];
      throw new StoreUnavailable(`Blob Storage is out of reach: ${reason}`, { cause: error });
    }
  }
}
