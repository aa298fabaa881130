// Something that a process does once per key in each span of time, however many ask at the same time.

export class OncePerBucket {
  readonly #bucketMs: number;
  readonly #act: (key: string, bucket: number) => Promise<unknown>;
  #bucket = Number.NaN;
  /** Of the keys for which this process does it, or has done it, in the bucket. */
  #done = new Map<string, Promise<unknown>>();

  constructor(bucketMs: number, act: (key: string, bucket: number) => Promise<unknown>) {
    this.#bucketMs = bucketMs;
    this.#act = act;
  }

  bucketOf(ms: number): number {
    return Math.floor(ms / this.#bucketMs);
  }

  /** It is done when this returns. If it fails, the next one who asks does it again. */
  async ensure(key: string, nowMs: number): Promise<void> {
    const bucket = this.bucketOf(nowMs);
    if (bucket !== this.#bucket) {
      this.#bucket = bucket;
      this.#done = new Map();
    }
    const done = this.#done;
    const doing = done.get(key) ?? this.#act(key, bucket);
    done.set(key, doing);
    try {
      await doing;
    } catch (error) {
      done.delete(key);
      throw error;
    }
  }
}
