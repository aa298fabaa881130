// The sender policy in Blob Storage, as an operator handles it: read, replace, and list the earlier versions.
import type { ContainerClient } from '@azure/storage-blob';
import { CommandError } from '../sign-in.ts';

export interface StoredPolicy {
  text: string;
  etag: string;
}

export interface PolicyVersion {
  /** Names the version: `get --version`. Absent if the account keeps no versions. */
  version: string | undefined;
  dateTime: string;
  bytes: number;
  isCurrent: boolean;
}

const statusOf = (error: unknown): number | undefined => (error as { statusCode?: number }).statusCode;

/** Storage's own words, with the right that is missing. */
function translate(error: unknown, what: string): Error {
  const status = statusOf(error);
  if (status === 403)
    return new CommandError(
      `Storage refuses to ${what} (403): you need Storage Blob Data Contributor on the container policy (OPERATOR_GROUP_ID of the deployment), and the storage account must be reachable from here.`,
    );
  if (status === 404) return new CommandError(`There is no container policy yet (404): deploy first, or check --storage.`);
  if (status === 412 || status === 409)
    return new CommandError(
      'Somebody else has replaced the sender policy in the meantime (412). Run the command again to see the difference.',
    );
  return error as Error;
}

/** Undefined if there is none. Throws CommandError. */
export async function readPolicy(container: ContainerClient, name: string, version?: string): Promise<StoredPolicy | undefined> {
  const client = container.getBlobClient(name);
  try {
    const answer = await (version === undefined ? client : client.withVersion(version)).download();
    const chunks: Uint8Array[] = [];
    for await (const chunk of answer.readableStreamBody ?? []) chunks.push(chunk as Uint8Array);
    return { text: Buffer.concat(chunks).toString('utf8'), etag: answer.etag ?? '' };
  } catch (error) {
    if (statusOf(error) === 404 && (error as { code?: string }).code !== 'ContainerNotFound') return undefined;
    throw translate(error, 'read the sender policy');
  }
}

/** Replaces the policy only if it is still `before`, so that nobody's change is lost. Throws CommandError. */
export async function writePolicy(container: ContainerClient, name: string, text: string, before: StoredPolicy | undefined): Promise<void> {
  const conditions = before ? { ifMatch: before.etag } : { ifNoneMatch: '*' };
  try {
    await container
      .getBlockBlobClient(name)
      .upload(text, Buffer.byteLength(text), { conditions, blobHTTPHeaders: { blobContentType: 'application/json; charset=utf-8' } });
  } catch (error) {
    throw translate(error, 'write the sender policy');
  }
}

/** Newest first. Throws CommandError. */
export async function policyVersions(container: ContainerClient, name: string): Promise<PolicyVersion[]> {
  const found: PolicyVersion[] = [];
  try {
    for await (const { name: each, versionId, isCurrentVersion, properties } of container.listBlobsFlat({
      prefix: name,
      includeVersions: true,
    })) {
      if (each !== name) continue;
      const dateTime = properties.lastModified.toISOString();
      const bytes = properties.contentLength ?? 0;
      found.push({ version: versionId, dateTime, bytes, isCurrent: isCurrentVersion ?? versionId === undefined });
    }
  } catch (error) {
    throw translate(error, 'list the versions of the sender policy');
  }
  return found.sort((a, b) => (a.dateTime < b.dateTime ? 1 : -1));
}
