// Where content too large for a queue message is kept (claim checks), and what is set aside: poison, and content kept for a resend.
import type { ClaimCheck } from '../domain/log/send-request.ts';

export interface ContentStore {
  /** Keeps bytes under `{mailbox's hash}/{id}/{SHA-256 of the bytes}`; written once, so repeating is harmless. Throws StoreUnavailable. */
  put(id: string, bytes: Uint8Array): Promise<ClaimCheck>;
  /** The bytes, or undefined if the blob isn't there. Throws StoreUnavailable if the store is out of reach. */
  get(claimCheck: ClaimCheck): Promise<Uint8Array | undefined>;
  /** Removes it; that it is gone already is no error. */
  remove(claimCheck: ClaimCheck): Promise<void>;
  /** Copies content to where it stays for a resend. */
  keep(id: string, bytes: Uint8Array): Promise<ClaimCheck>;
  kept(id: string): Promise<Uint8Array | undefined>;
  /** Removes what is kept; that it is gone already is no error. */
  forget(id: string): Promise<void>;
  /** Sets a queue message aside that nobody can handle, with the reason. */
  setAside(name: string, body: unknown, reason: string): Promise<void>;
  /** Throws if the store is out of reach; for readiness. */
  check(): Promise<void>;
}
