// How a contract suite gets what it tests.

export interface Harness<T> {
  create(): Promise<T>;
  dispose(): Promise<void>;
}
