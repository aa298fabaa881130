// Where the sender policy is kept.

export type PolicyRead = { kind: 'read'; text: string; version: string } | { kind: 'unchanged' } | { kind: 'missing' };

export interface PolicySource {
  /** For people: a path, or a blob's name. */
  readonly place: string;
  /** The text, unless it is still the version that is known. Throws StoreUnavailable if it can't be reached. */
  read(knownVersion?: string): Promise<PolicyRead>;
}
