// Reads the body of a request: its size, its content encoding, and the hash by which a repeat of it is known.
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { HttpRequest } from '@azure/functions';
import { unpackedLimit } from '../../domain/content/content-limits.ts';
import { type Checked, ok, type Problem, problems, refused } from '../../domain/content/problem.ts';
import { CollectedBytes } from './collected-bytes.ts';
import { type ContentEncoding, contentEncodingOf, FIRST_BYTES, isPlain, packedProblem } from './content-encoding.ts';
import { type Hold, SMALL_HOLD } from './permits.ts';

/** Hashing so much takes some milliseconds. */
const HASHED_AT_ONCE = 4 * 1024 * 1024;

/** So many bytes at a time are held by others that there is no room for these. */
const crowded = ({ retryAfter }: Hold): Problem =>
  problems.unavailable('the service is reading as much mail as it has memory for', retryAfter);

/** A body that is read once: whole, or only hashed, also after it could not be read whole. */
export class PostedBody {
  readonly #request: HttpRequest;
  readonly #limit: number;
  #chunks: AsyncIterator<Uint8Array> | undefined;
  /** What has come and is not read yet. */
  #pending: Uint8Array[] = [];
  #length = 0;
  #hash: string | undefined;
  #isStopped = false;

  /** `limit`: in bytes, of the body as it came and unpacked. */
  constructor(request: HttpRequest, limit: number) {
    this.#request = request;
    this.#limit = limit;
  }

  /** The unpacked bytes. `hold`: what they may hold of the memory for bodies; 503 if there is no room. */
  async read(hold: Hold): Promise<Checked<Uint8Array>> {
    const body = await this.#whole(hold);
    if (body.ok) this.#hash = await hashOf(body.value);
    return body;
  }

  /** SHA-256 of the unpacked bytes, in hex. Nothing is kept of what is not read yet. */
  async hash(): Promise<Checked<string>> {
    if (this.#hash !== undefined) return ok(this.#hash);
    const encoding = contentEncodingOf(this.#request.headers);
    if (!encoding.ok) return encoding;
    try {
      this.#hash = await this.#streamed(encoding.value);
      return ok(this.#hash);
    } catch (error) {
      if (error instanceof Refusal) return refused(error.problem);
      return refused(encoding.value ? packedProblem(error, encoding.value, this.#limit, this.#limit) : problems.brokenOff(this.#length));
    }
  }

  /** What comes from now on is not read. */
  stop(): void {
    this.#isStopped = true;
  }

  /** Bytes that have come. */
  get received(): number {
    return this.#length;
  }

  /** Whether Content-Encoding names an encoding. */
  get isPacked(): boolean {
    const encoding = contentEncodingOf(this.#request.headers);
    return encoding.ok && encoding.value !== undefined;
  }

  get #said(): string | null {
    return this.#request.headers.get('content-length');
  }

  async #whole(hold: Hold): Promise<Checked<Uint8Array>> {
    const collected = await this.#collected(hold);
    if (!collected.ok) return collected;
    const bytes = collected.value;
    const problem = this.#lengthProblem(bytes.length);
    if (problem) return refused(problem);
    const encoding = contentEncodingOf(this.#request.headers);
    if (!encoding.ok) return encoding;
    return encoding.value ? this.#unpacked(bytes, encoding.value, hold) : ok(bytes);
  }

  /**
   * Without HTTP streaming the Functions host passes a chunked body on as an empty one. Such an empty body is refused.
   */
  #lengthProblem(length: number): Problem | undefined {
    if (length === 0 && this.#request.headers.has('transfer-encoding')) return problems.emptyBody();
    return this.#said !== null && Number(this.#said) !== length ? problems.cutOffBody(Number(this.#said), length) : undefined;
  }

  async #next(): Promise<Uint8Array | undefined> {
    this.#chunks ??= chunksOf(this.#request);
    const { done, value } = await this.#chunks.next();
    if (this.#isStopped) throw new Error('nobody waits for it');
    if (done) return undefined;
    this.#length += value.length;
    return value;
  }

  /** All chunks, bounded here: with HTTP streaming nobody else does it. A caller that goes away breaks its stream off. */
  async #collected(hold: Hold): Promise<Checked<Uint8Array>> {
    const said = Number(this.#said ?? 0) || 0;
    if (said > this.#limit) return refused(problems.tooLarge('The body', said, this.#limit));
    if (!(await hold.awaitRoom(said))) return refused(crowded(hold));
    const collected = new CollectedBytes(said);
    try {
      for (let chunk = await this.#next(); chunk; chunk = await this.#next()) {
        if (this.#length > this.#limit) return refused(problems.tooLarge('The body', undefined, this.#limit));
        if (!(said > 0 ? hold.extendTo(this.#length) : await hold.growTo(this.#length, this.#limit))) {
          this.#pending = [collected.bytes(), chunk];
          return refused(crowded(hold));
        }
        collected.add(chunk);
      }
    } catch {
      return refused(problems.brokenOff(this.#length));
    }
    if (said === 0) hold.shrinkTo(this.#length);
    return ok(collected.bytes());
  }

  /** Bounded: a small body may not unfold into a large one. */
  async #unpacked(bytes: Uint8Array, encoding: ContentEncoding, hold: Hold): Promise<Checked<Uint8Array>> {
    if (isPlain(encoding, bytes)) return ok(bytes);
    const limit = unpackedLimit(bytes.length, this.#limit);
    if (!hold.extendTo(bytes.length + limit)) {
      this.#pending = [bytes];
      return refused(crowded(hold));
    }
    try {
      return ok(await encoding.whole(bytes, { maxOutputLength: limit }));
    } catch (error) {
      return refused(packedProblem(error, encoding, limit, this.#limit));
    }
  }

  async #streamed(encoding: ContentEncoding | undefined): Promise<string> {
    const said = Number(this.#said ?? 0) || 0;
    if (said > this.#limit) throw new Refusal(problems.tooLarge('The body', said, this.#limit));
    const hash = createHash('sha256');
    let length = 0;
    for await (const chunk of await this.#plainChunks(encoding)) {
      length += chunk.length;
      if (length > this.#limit) throw new Refusal(problems.tooLarge('The body', undefined, this.#limit));
      hash.update(chunk);
    }
    const problem = this.#lengthProblem(this.#length);
    if (problem) throw new Refusal(problem);
    return hash.digest('hex');
  }

  async #plainChunks(encoding: ContentEncoding | undefined): Promise<AsyncIterable<Uint8Array>> {
    if (!encoding) return this.#rest();
    let first = Buffer.concat(this.#pending.splice(0));
    for (let chunk: Uint8Array | undefined; first.length < FIRST_BYTES; first = Buffer.concat([first, chunk])) {
      chunk = await this.#next();
      if (!chunk) break;
    }
    this.#pending = [first];
    return isPlain(encoding, first) ? this.#rest() : Readable.from(this.#rest()).compose(encoding.stream(first));
  }

  async *#rest(): AsyncGenerator<Uint8Array> {
    for (const chunk of this.#pending.splice(0)) yield chunk;
    for (let chunk = await this.#next(); chunk; chunk = await this.#next()) yield chunk;
  }
}

async function* chunksOf({ body }: HttpRequest): AsyncGenerator<Uint8Array> {
  for await (const chunk of body ?? []) yield chunk as Uint8Array;
}

class Refusal extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

async function hashOf(bytes: Uint8Array): Promise<string> {
  const hash = createHash('sha256');
  for (let at = 0; at < bytes.length; at += HASHED_AT_ONCE) {
    if (at > 0) await nextTurn();
    hash.update(bytes.subarray(at, at + HASHED_AT_ONCE));
  }
  return hash.digest('hex');
}

/** The unpacked bytes of a small body, at most `limit`. */
export const readBody = (request: HttpRequest, limit: number, hold: Hold = SMALL_HOLD): Promise<Checked<Uint8Array>> =>
  new PostedBody(request, limit).read(hold);
